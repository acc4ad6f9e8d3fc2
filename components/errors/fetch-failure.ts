/** Why a request got no answer: `fetch` itself says only that it failed, and the cause of its error says why. */
export function fetchFailure(error: unknown): string {
  const { cause, message } = error as Error & {
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  return cause?.code ?? cause?.message ?? message;
}
