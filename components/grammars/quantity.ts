import { type Reading, read, refused } from "./reading";

/**
 * Amounts as Kubernetes reads them (`resource.ParseQuantity`): `512Mi`, `0.5`, `1e3`, `100m`.
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity
 */

const SUFFIXES: ReadonlyMap<string, number> = new Map([
  ["n", 1e-9],
  ["u", 1e-6],
  ["m", 1e-3],
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["E", 1e18],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
  ["Pi", 2 ** 50],
  ["Ei", 2 ** 60],
]);
const FORM = /^([-+]?)([0-9]*)(\.[0-9]*)?(.*)$/s;
const INT32 = 2n ** 31n;
/** Kubernetes takes whatever is larger, written with Ki to Ei, for this. */
const LARGEST_BINARY = 2 ** 63;

/** The number that an amount stands for: bytes of a size, cores of a CPU share. */
export function readQuantity(text: string): Reading<number> {
  const [, sign = "", digits = "", decimals = "", suffix = ""] = FORM.exec(text) ?? [];
  if (text === "") return refused("it is empty");
  const bare = digits + decimals.slice(1);
  // Kubernetes takes a sign, a point or a unit alone for 0; but for the two largest, which it reads in another way.
  if (bare === "" && (suffix === "Pi" || suffix === "Ei")) return refused("a number is missing");
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
  const factor = exponent === undefined ? SUFFIXES.get(suffix) : powerOfTen(exponent);
  if (factor === undefined) {
    return refused(
      "what follows the number is no unit: m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or e and a number",
    );
  }
  const value = bare === "" ? 0 : Number(`${digits === "" ? "0" : digits}${decimals === "." ? "" : decimals}`) * factor;
  const size = suffix.endsWith("i") ? Math.min(value, LARGEST_BINARY) : value;
  return read(sign === "-" ? -size : size);
}

function powerOfTen(exponent: string): number | undefined {
  const value = BigInt(exponent.replace(/^\+/, ""));
  return value >= -INT32 && value < INT32 ? 10 ** Number(value) : undefined;
}
