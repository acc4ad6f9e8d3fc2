import { type Reading, read, refused } from "./reading";

/**
 * Sizes as Prometheus' `--storage.tsdb.retention.size` reads them (`units.ParseBase2Bytes`): 512MB, 40GiB, 1GB512MB. KB and KiB
 * are both 1024 bytes; kB and Gi are none.
 * https://github.com/alecthomas/units/blob/master/bytes.go
 */

const STEPS = ["K", "M", "G", "T", "P", "E"];
const unitsWith = (suffix: string): ReadonlyMap<string, number> =>
  new Map([["B", 1] as const, ...STEPS.map((step, index) => [`${step}${suffix}`, 1024 ** (index + 1)] as const)]);
const UNITS = [unitsWith("iB"), unitsWith("B")];
const LARGEST_NUMBER = (2n ** 63n - 10n) / 10n;
const PART = /^([0-9]*)(\.([0-9]*))?([^0-9.]*)/;

/** Bytes of a size. Both ways to write a unit don't go together in one size. */
export function readPrometheusBytes(text: string): Reading<number> {
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return read(0);
  if (unsigned === "") return refused("it is empty");
  const sum = UNITS.map((units) => sumOf(unsigned, units)).find((found) => found !== undefined);
  if (sum === undefined)
    return refused("it is not made of numbers that a unit follows: B, KB, MB, GB, TB, or KiB, MiB, GiB, TiB");
  const negative = text.startsWith("-");
  if (negative ? sum > 2 ** 63 : sum >= 2 ** 63) return refused("it is larger than what Prometheus counts");
  return read(negative ? -Math.trunc(sum) : Math.trunc(sum));
}

function sumOf(text: string, units: ReadonlyMap<string, number>): number | undefined {
  let rest = text;
  let sum = 0;
  while (rest !== "") {
    const [whole = "", digits = "", , decimals = "", unit = ""] = PART.exec(rest) ?? [];
    const factor = units.get(unit);
    const number = numberOf(digits, decimals);
    if (factor === undefined || number === undefined) return undefined;
    sum += number * factor;
    rest = rest.slice(whole.length);
  }
  return sum;
}

function numberOf(digits: string, decimals: string): number | undefined {
  if (digits === "" && decimals === "") return undefined;
  if ([digits, decimals].some(overflows)) return undefined;
  return Number(digits) + Number(decimals) / 10 ** decimals.length;
}

/** The reader's own limit: a digit more is refused from a tenth of the largest number on. */
const overflows = (digits: string): boolean => digits.length > 1 && BigInt(digits.slice(0, -1)) >= LARGEST_NUMBER;
