/**
 * What a grammar makes of a text: its value, or why the program that reads it refuses it. The refusal completes "the text is
 * refused: …" and never holds the text itself, which may be a secret in the wrong place.
 */
export type Reading<T> =
  | { readonly value: T; readonly refusal?: undefined }
  | { readonly value?: undefined; readonly refusal: string };

/** A text that the reader refuses, and why. */
export const refused = (refusal: string) => ({ refusal }) as const;

/** A text that the reader takes, and as what. */
export const read = <T>(value: T) => ({ value }) as const;

/** White space as Go's strings.Fields and strings.TrimSpace know it: https://pkg.go.dev/unicode#IsSpace */
const GO_SPACE = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";

/** The words of a text, as Go's strings.Fields has them. */
export function goFields(text: string): string[] {
  return text.split(new RegExp(GO_SPACE)).filter((word) => word !== "");
}

/** A text without white space at its ends, as Go's strings.TrimSpace has it. */
export function goTrim(text: string): string {
  return text.replace(new RegExp(`^${GO_SPACE}|${GO_SPACE}$`, "g"), "");
}
