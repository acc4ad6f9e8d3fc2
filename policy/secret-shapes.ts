import { knownTexts } from "./unknowns";

/** A place that looks as if it held a secret. The secret itself is never passed on. */
export interface SuspectedSecret {
  path: string;
  /** What it looks like. */
  shape: string;
}

const SHAPES: readonly [string, RegExp][] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{50,})\b/],
  ["a GitLab token", /\bglpat-[0-9A-Za-z_-]{20,}\b/],
  ["a Slack token or webhook", /\bxox[abeprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com\/services\/T[0-9A-Z]+\/B/],
  ["a JSON web token", /\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/],
  ["a Rancher token", /\btoken-[0-9a-z]{5}:[0-9a-z]{40,}\b/],
  ["an address with a password in it", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$<{]+:[^\s/@$<{]{3,}@/i],
];

/** Keys that name a secret; one that says where it is (`passwordSecret`, `tokenFile`, `existingSecret`) does not match. */
const SECRET_KEY =
  /(^|[^a-z])(password|passwd|passphrase|token|api[-_.]?key|master[-_.]?key|access[-_.]?key|private[-_.]?key|client[-_.]?secret|bearer|routing[-_.]?key)$/i;

/** Fewest characters that are measured, and bits a character from which a word is random. */
const SHORTEST_RANDOM = 20;
const RANDOM_BITS = { hex: 3, other: 4.1 };

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Whether a word looks random: long, of one alphabet, mixed, and of high entropy. */
export function looksRandom(word: string): boolean {
  if (word.length < SHORTEST_RANDOM || /^(sha256|sha512|sha1|md5)[:-]/.test(word)) return false;
  if (/^[0-9a-f]{32,}$/i.test(word)) return entropy(word) >= RANDOM_BITS.hex;
  if (!/^[0-9A-Za-z+/_=-]+$/.test(word)) return false;
  const mixed = /[0-9]/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word);
  // Words joined by hyphens, underscores or slashes are names and paths, not secrets.
  const longestPart = Math.max(...word.split(/[-_/=]/).map((part) => part.length));
  return mixed && longestPart >= SHORTEST_RANDOM / 2 && entropy(word) >= RANDOM_BITS.other;
}

function camelToWords(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, "$1-$2");
}

/** Below a key such as `secrets` stand the names of Secrets, under the names of what is in them. */
function isSecretName(text: string, path: string): boolean {
  return /(^|[.[])[A-Za-z]*[sS]ecret(s|Names)?[.[]/.test(path) && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);
}

/** Where Secret Manager keeps a secret: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions */
const SECRET_VERSION = /^projects\/[^/\s]+\/secrets\/[^/\s]+(\/versions\/[^/\s]+)?$/;

function shapeOf(text: string, path: string): string | undefined {
  const known = SHAPES.find(([, pattern]) => pattern.test(text));
  if (known) return known[0];
  const key = /(?:^|[.[])"?([^.[\]"]+)"?\]?$/.exec(path)?.[1] ?? "";
  const isWord = /^\S{6,}$/.test(text) && !/[${}]/.test(text);
  if (isSecretName(text, path) || SECRET_VERSION.test(text)) return undefined;
  if (isWord && SECRET_KEY.test(camelToWords(key)) && !/^(\/|https?:\/\/)/.test(text)) return `the value of ${key}`;
  return undefined;
}

/** A checksum or a digest is random too, and meant to be seen. */
const CHECKSUM_KEY = /(checksum|digest|hash|sha256|revision|fingerprint|caBundle|publicKey|public_key|known_?hosts)/i;

/** Longest text that is searched for random words; scripts and schemas beyond it hold words of every kind. */
const LONGEST_SEARCHED = 4096;

function holdsRandomWord(text: string, path: string): boolean {
  if (CHECKSUM_KEY.test(path) || text.length > LONGEST_SEARCHED) return false;
  if (/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----|ssh-(ed25519|rsa) |ecdsa-sha2-/.test(text)) return false;
  const bare = text.replace(/sha(256|512):[0-9a-f]{64,128}/g, "");
  return bare.split(/[\s"'`,;:=()<>[\]{}@]+/).some((word) => looksRandom(word));
}

/** What a text of JSON says, since its keys tell more than its characters; `undefined` for any other text. */
function jsonIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Places inside a value that look as if they held a secret, by shape and by entropy. */
export function* secretsIn(value: unknown): Generator<SuspectedSecret> {
  for (const [text, path] of knownTexts(value)) {
    const json = jsonIn(text);
    if (json !== undefined) {
      for (const { path: inside, shape } of secretsIn(json)) {
        yield { path: inside.startsWith("[") ? `${path}${inside}` : `${path}.${inside}`, shape };
      }
      continue;
    }
    const shape = shapeOf(text, path) ?? (holdsRandomWord(text, path) ? "a random key or password" : undefined);
    if (shape) yield { path, shape };
  }
}
