import { type Reading, read, refused } from "./reading";

/**
 * Lengths of time as Prometheus and Alertmanager read them (`model.ParseDuration`), which is not Go's way: there are d, w and y,
 * no decimals, and units go from the longest to the shortest, each once.
 * https://github.com/prometheus/common/blob/v0.67.5/model/time.go
 */

/** Unit → its milliseconds, from the longest to the shortest. */
const MILLISECONDS: ReadonlyMap<string, bigint> = new Map([
  ["y", 31_536_000_000n],
  ["w", 604_800_000n],
  ["d", 86_400_000n],
  ["h", 3_600_000n],
  ["m", 60_000n],
  ["s", 1_000n],
  ["ms", 1n],
]);
const UNITS = [...MILLISECONDS.keys()];
const LARGEST_NUMBER = (1n << 64n) - 1n;
/** In nanoseconds. */
const LONGEST = (1n << 63n) - 1n;
const TOO_LONG = refused("it is longer than 292 years, the longest that Prometheus counts");

/** Milliseconds of a length of time such as `30s`, `1h30m` or `15d`. A year has 365 days. */
export function readPrometheusDuration(text: string): Reading<number> {
  if (text === "0") return read(0);
  if (text === "") return refused("it is empty");
  const parts = [...text.matchAll(/([0-9]+)([^0-9]+)/g)];
  if (parts.map(([whole]) => whole).join("") !== text) return refused("it is not made of numbers that a unit follows");
  let last = -1;
  let sum = 0n;
  for (const [, digits = "", unit = ""] of parts) {
    const place = UNITS.indexOf(unit);
    if (place < 0) return refused("a unit is none of y, w, d, h, m, s and ms");
    if (place <= last) return refused("units go from the longest to the shortest, each once: y, w, d, h, m, s, ms");
    last = place;
    const factor = (MILLISECONDS.get(unit) ?? 0n) * 1_000_000n;
    const value = BigInt(digits);
    if (value > LARGEST_NUMBER || value > (LONGEST + 1n) / factor) return TOO_LONG;
    sum += value * factor;
    if (sum > LONGEST) return TOO_LONG;
  }
  return read(Number(sum / 1_000_000n));
}
