import { createHash } from "node:crypto";

function digest(seed: string): Buffer {
  return createHash("sha256").update(seed).digest();
}

/** A number of so many decimal digits that the seed alone decides, without a leading zero. */
export function digits(seed: string, length: number): string {
  const number = BigInt(`0x${digest(seed).toString("hex")}`).toString();
  return `${(Number(number[0]) % 9) + 1}${number.slice(1, length)}`;
}

/** So many characters of a-z and 0-9, without vowels and look-alikes, that the seed alone decides. */
export function letters(seed: string, length: number): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const bytes = [...digest(seed), ...digest(`${seed}+`)];
  return bytes
    .slice(0, length)
    .map((byte) => alphabet[byte % alphabet.length])
    .join("");
}

/** A fingerprint as the APIs give it: base64 that the seed alone decides. */
export function fingerprint(seed: string): string {
  return digest(seed).subarray(0, 8).toString("base64");
}

/** An address of 203.0.113.0/24 or 198.51.100.0/24: ranges for documentation, which nobody has. */
export function externalAddress(seed: string): string {
  const [network = 0, host = 0] = digest(seed);
  return `${network % 2 === 0 ? "203.0.113" : "198.51.100"}.${(host % 253) + 1}`;
}

/** An address in the range, after the ones that the network keeps for itself. */
export function addressIn(range: string, seed: string): string {
  const [base = "10.0.0.0", bits = "24"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  const offset = size > 8 ? 4 + (digest(seed).readUInt32BE() % (size - 8)) : size - 1;
  const first = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const address = Math.floor(first / size) * size + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
