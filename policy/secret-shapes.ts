import { CREDENTIAL_SHAPES, looksRandom } from "../components/grammars/credentials";
import { knownTexts } from "./unknowns";

/** A place that looks as if it held a secret. The secret itself is never passed on. */
export interface SuspectedSecret {
  path: string;
  /** What it looks like. */
  shape: string;
}

/** Keys that name a secret; one that says where it is (`passwordSecret`, `tokenFile`, `existingSecret`) does not match. */
const SECRET_KEY =
  /(^|[^a-z])(password|passwd|passphrase|token|api[-_.]?key|master[-_.]?key|access[-_.]?key|private[-_.]?key|client[-_.]?secret|bearer|routing[-_.]?key)$/i;

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
  const known = CREDENTIAL_SHAPES.find(([, pattern]) => pattern.test(text));
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
