import { gunzipSync } from "node:zlib";

/** A place that was searched, and the secrets (by name) that were found in it. */
export interface SecretFinding {
  readonly place: string;
  readonly secret: string;
}

/** The forms in which a value may hide: itself, and base64 at each of the three offsets at which it can start. */
export function hidingForms(value: string): string[] {
  const forms = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from("x".repeat(offset) + value).toString("base64");
    // The characters that the neighbours of the value decide are cut off.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + value.length) * 8) / 6);
    return encoded.slice(start, end);
  });
  return [value, ...forms];
}

/**
 * Looks for secrets in places.
 * @param secrets name → value
 * @param places name → text
 */
export function findSecrets(
  secrets: Readonly<Record<string, string>>,
  places: Readonly<Record<string, string>>,
): SecretFinding[] {
  const findings: SecretFinding[] = [];
  for (const [secret, value] of Object.entries(secrets)) {
    const forms = hidingForms(value);
    for (const [place, text] of Object.entries(places)) {
      if (forms.some((form) => text.includes(form))) findings.push({ place, secret });
    }
  }
  return findings;
}

/** What Helm stored in a release's Secret: base64 of base64 of gzip of JSON. */
export function decodeHelmRelease(data: string): string {
  const stored = Buffer.from(Buffer.from(data, "base64").toString(), "base64");
  return gunzipSync(stored).toString();
}
