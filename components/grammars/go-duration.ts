import { type Reading, read, refused } from "./reading";

/** Lengths of time as Go's `time.ParseDuration` reads them: https://pkg.go.dev/time#ParseDuration */

const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** 2^63 nanoseconds, 292 years: the end of Go's type. */
const END = 1n << 63n;
const TOO_LONG = refused("it is longer than 292 years, the longest that Go counts");
const PART = /^([0-9]*)(\.([0-9]*))?([^0-9.]*)/;

/**
 * Nanoseconds of a length of time such as `1h30m`, `1.5h` or `-10ms`; each unit may come in any order and more than once.
 * Units are ns, us or µs, ms, s, m and h: there is no d.
 */
export function readGoDuration(text: string): Reading<bigint> {
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return read(0n);
  if (unsigned === "") return refused("it is empty");
  let rest = unsigned;
  let sum = 0n;
  while (rest !== "") {
    const part = partOf(rest);
    if (part.value === undefined) return part;
    sum += part.value.nanoseconds;
    if (sum > END) return TOO_LONG;
    rest = rest.slice(part.value.length);
  }
  if (text.startsWith("-")) return read(-sum);
  return sum === END ? TOO_LONG : read(sum);
}

function partOf(rest: string): Reading<{ nanoseconds: bigint; length: number }> {
  const [whole = "", digits = "", , decimals = "", unit = ""] = PART.exec(rest) ?? [];
  if (digits === "" && decimals === "") return refused("a number is missing");
  const factor = NANOSECONDS.get(unit);
  if (unit === "") return refused("a unit is missing: ns, us, ms, s, m or h");
  if (factor === undefined) return refused("a unit is none of ns, us, ms, s, m and h");
  const value = BigInt(digits === "" ? "0" : digits);
  if (value > END / factor) return TOO_LONG;
  const nanoseconds = value * factor + fractionOf(decimals, factor);
  return nanoseconds > END ? TOO_LONG : read({ nanoseconds, length: whole.length });
}

/** Go keeps decimals while they fit into 63 bits, and multiplies them as a float64. */
function fractionOf(decimals: string, factor: bigint): bigint {
  let kept = 0n;
  let scale = 1;
  for (const digit of decimals) {
    if (kept > (END - 1n) / 10n) break;
    const next = kept * 10n + BigInt(digit);
    if (next > END) break;
    kept = next;
    scale *= 10;
  }
  return kept === 0n ? 0n : BigInt(Math.trunc(Number(kept) * (Number(factor) / scale)));
}
