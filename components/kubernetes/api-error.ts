/** A request to the Kubernetes API was refused or did not get there. The message is one sentence, without credentials. */
export class KubernetesApiError extends Error {
  readonly code = "KUBERNETES_API";
  override readonly name = "KubernetesApiError";
  constructor(
    message: string,
    /** HTTP status; absent when there was no answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}
