/** OpenSSH's own formats of keys, which Node's crypto does not write: RFC 4253, RFC 5656, RFC 8709, PROTOCOL.key. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";

/** SSH's name, JWK's name and the bytes of one coordinate, by the curve's name in SSH. P-224 has none. */
const CURVES: { readonly [name: string]: { jwk: string; bytes: number } } = {
  nistp256: { jwk: "P-256", bytes: 32 },
  nistp384: { jwk: "P-384", bytes: 48 },
  nistp521: { jwk: "P-521", bytes: 66 },
};
const MAGIC = "openssh-key-v1\0";
/** Unencrypted private keys are padded to this many bytes (the block size of the cipher "none"). */
const BLOCK_BYTES = 8;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A positive integer in two's complement: no leading zeros but the one that keeps it positive. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
  return string((digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}

const decoded = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");

function curveOf(jwk: JsonWebKey): string | undefined {
  return Object.keys(CURVES).find((name) => CURVES[name]?.jwk === jwk.crv);
}

/** JWK knows no P-224, so Node cannot export such a key; nor does SSH know the curve. */
function exportJwk(key: KeyObject): JsonWebKey | undefined {
  return key.asymmetricKeyDetails?.namedCurve === "secp224r1" ? undefined : key.export({ format: "jwk" });
}

/** The public key in SSH's binary format; undefined for a curve that SSH does not know. */
export function sshPublicKey(publicKey: KeyObject): Buffer | undefined {
  const jwk = exportJwk(publicKey);
  if (!jwk) return undefined;
  switch (jwk.kty) {
    case "RSA":
      return Buffer.concat([string("ssh-rsa"), integer(decoded(jwk.e)), integer(decoded(jwk.n))]);
    case "OKP":
      return Buffer.concat([string("ssh-ed25519"), string(decoded(jwk.x))]);
    default: {
      const curve = curveOf(jwk);
      if (!curve) return undefined;
      const point = Buffer.concat([Buffer.from([4]), decoded(jwk.x), decoded(jwk.y)]);
      return Buffer.concat([string(`ecdsa-sha2-${curve}`), string(curve), string(point)]);
    }
  }
}

/** The line for `authorized_keys` and the two fingerprints; empty for a curve that SSH does not know. */
export function sshOutputs(publicKey: KeyObject): { line: string; md5: string; sha256: string } {
  const blob = sshPublicKey(publicKey);
  if (!blob) return { line: "", md5: "", sha256: "" };
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString();
  const md5 = createHash("md5").update(blob).digest("hex").match(/../g)?.join(":") ?? "";
  const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { line: `${type} ${blob.toString("base64")}\n`, md5, sha256: `SHA256:${sha256}` };
}

/** The fields of a private key that follow its type. */
function privateFields(jwk: JsonWebKey): Buffer[] {
  switch (jwk.kty) {
    case "RSA":
      return [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map((part) => integer(decoded(part)));
    case "OKP":
      return [string(decoded(jwk.x)), string(Buffer.concat([decoded(jwk.d), decoded(jwk.x)]))];
    default: {
      const point = Buffer.concat([Buffer.from([4]), decoded(jwk.x), decoded(jwk.y)]);
      return [string(curveOf(jwk) ?? ""), string(point), integer(decoded(jwk.d))];
    }
  }
}

/** The private key as `ssh-keygen` would write it, unencrypted; empty for a curve that SSH does not know. */
export function sshPrivateKey(privateKey: KeyObject, publicKey: KeyObject): string {
  const blob = sshPublicKey(publicKey);
  const jwk = exportJwk(privateKey);
  if (!blob || !jwk) return "";
  const type = blob.subarray(0, 4 + blob.readUInt32BE(0));
  const check = randomBytes(4);
  const fields = Buffer.concat([check, check, type, ...privateFields(jwk), string("")]);
  const padding = Buffer.from(Array.from({ length: -fields.length & (BLOCK_BYTES - 1) }, (_, index) => index + 1));
  const content = Buffer.concat([
    Buffer.from(MAGIC),
    ...[string("none"), string("none"), string(""), uint32(1), string(blob)],
    string(Buffer.concat([fields, padding])),
  ]);
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

/** Reads length-prefixed strings one after another. */
function reader(bytes: Buffer): () => Buffer {
  let at = 0;
  return () => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    if (at > bytes.length) throw new RangeError("truncated");
    return bytes.subarray(at - length, at);
  };
}

/** The public key inside an OpenSSH private key, where it is never encrypted. */
export function publicKeyOfSshPrivateKey(pem: string): KeyObject {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/.exec(pem)?.[1];
  const content = Buffer.from(body ?? "", "base64");
  if (content.subarray(0, MAGIC.length).toString("latin1") !== MAGIC)
    throw new Error("it is not an OpenSSH private key");
  const header = reader(content.subarray(MAGIC.length));
  const cipher = header().toString();
  if (cipher !== "none") throw new Error(`it is encrypted (${cipher}): give it without a passphrase`);
  header(); // name of the key derivation
  header(); // its options
  // The number of keys, always 1, is not length-prefixed: step over it by starting anew behind it.
  const rest = content.subarray(MAGIC.length + 4 + cipher.length + 4 + "none".length + 4 + 4);
  return createPublicKey({ key: jwkOf(reader(rest)()), format: "jwk" });
}

function jwkOf(blob: Buffer): JsonWebKey {
  const next = reader(blob);
  const type = next().toString();
  if (type === "ssh-rsa") {
    const e = next().toString("base64url");
    return { kty: "RSA", e, n: next().toString("base64url") };
  }
  if (type === "ssh-ed25519") return { kty: "OKP", crv: "Ed25519", x: next().toString("base64url") };
  const curve = CURVES[next().toString()];
  if (!curve || !type.startsWith("ecdsa-sha2-")) throw new Error(`keys of the type ${type} are not supported`);
  const point = next();
  const x = point.subarray(1, 1 + curve.bytes).toString("base64url");
  return { kty: "EC", crv: curve.jwk, x, y: point.subarray(1 + curve.bytes).toString("base64url") };
}
