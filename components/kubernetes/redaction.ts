/** Removes the values of Secrets from text that is shown. Pure. */

import { base64 } from "./base64";

/** What is read of a Secret (https://kubernetes.io/docs/concepts/configuration/secret/). */
export interface SecretSummary {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Shorter values are words such as `parse`, whose removal would make a text unreadable and protect nothing. */
const SHORTEST_SECRET = 6;
/** Entries of a Secret that are no secret: names, addresses, certificates. */
const PUBLIC_ENTRY = /^(.*user(name)?|host|port|database|dbname|.*\.crt|ca\.?.*|known_hosts|type)$/i;
/** Helm's own records, which hold whole charts: https://helm.sh/docs/topics/advanced/#storage-backends */
const HELM_RECORD = "helm.sh/release.v1";
const REMOVED = "[secret]";

/** A text in the forms in which programs print it: as it is, base64, in a URL, in JSON. */
function formsOf(value: string): string[] {
  const encoded = base64(value);
  return [
    value,
    encoded.replace(/=+$/, ""),
    Buffer.from(value).toString("base64url"),
    encodeURIComponent(value),
    encodeURI(value),
    JSON.stringify(value).slice(1, -1),
  ];
}

/** The strings within a value that is JSON, such as a file of settings; none where it is not. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

function partsOf(value: string): string[] {
  // A key's file is printed by lines, an address of a database with its password alone.
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const password = /^[a-z][\w+.-]*:\/\/[^:@/]*:([^@/]+)@/i.exec(value)?.[1];
  let decoded: string[] = [];
  if (password?.includes("%")) {
    try {
      decoded = [decodeURIComponent(password)];
    } catch {
      // Not in URL form after all.
    }
  }
  let held: string[] = [];
  if (/^\s*[{[]/.test(value)) {
    try {
      held = stringsIn(JSON.parse(value));
    } catch {
      // Not JSON after all.
    }
  }
  return [value.trim(), ...lines, ...(password ? [password] : []), ...decoded, ...held];
}

/**
 * What removes the values of these Secrets from a text: as they are, in base64, in URL form and in JSON, whole and by lines.
 * @param secrets as the API has them, with their values in base64
 */
export function redactionOf(secrets: readonly SecretSummary[]): (text: string) => string {
  const values = secrets
    .filter(({ type }) => type !== HELM_RECORD)
    .flatMap(({ data = {} }) => Object.entries(data))
    .filter(([entry]) => !PUBLIC_ENTRY.test(entry))
    .map(([, encoded]) => Buffer.from(encoded, "base64").toString("utf8"));
  const forms = new Set(values.flatMap(partsOf).filter(isLong).flatMap(formsOf).filter(isLong));
  // Longest first: a value within another must not leave the other's rest.
  const ordered = [...forms].sort((one, other) => other.length - one.length);
  return (text) => ordered.reduce((left, form) => left.replaceAll(form, REMOVED), text);
}

function isLong(value: string): boolean {
  return value.length >= SHORTEST_SECRET;
}
