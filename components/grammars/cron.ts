import { readGoDuration } from "./go-duration";
import { goFields, type Reading, read, refused } from "./reading";
import { readTimeZone } from "./time-zone";

/**
 * Cron as Velero reads it. Velero 1.18.3 took another parser than the releases before it, and the two don't take the same
 * lines: https://github.com/netresearch/go-cron/blob/v0.15.0/parser.go and https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */

/** A line of five fields: what it allows of each. */
export interface CronTimes {
  readonly kind: "times";
  /** 0 to 59, in order. */
  readonly minutes: readonly number[];
  /** 0 to 23, in order. */
  readonly hours: readonly number[];
  /** 1 to 31. */
  readonly days: ReadonlySet<number>;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** 0 for Sunday to 6. */
  readonly weekdays: ReadonlySet<number>;
  /** Whether both the day of the month and the day of the week are other than `*`. */
  readonly bothDays: boolean;
  /** Time zone of the line; absent: the reader's own, which is UTC. */
  readonly zone?: string;
}

/** `@every`: from one run to the next. */
export interface CronInterval {
  readonly kind: "every";
  readonly seconds: number;
}

/** When a schedule is due; `never` by itself. */
export type CronSchedule = CronTimes | CronInterval | { readonly kind: "never" };

/** What a parser takes of a field beside what both take. */
interface Dialect {
  /** Last number of a day of the week: with 7, Sunday has two. */
  readonly lastWeekday: 6 | 7;
  /** Whether a range may go over the end, as 22-4 does. */
  readonly wraps: boolean;
  /** Whether a step must be shorter than its range. */
  readonly shortSteps: boolean;
}

const CURRENT: Dialect = { lastWeekday: 7, wraps: true, shortSteps: true };
const EARLIER: Dialect = { lastWeekday: 6, wraps: false, shortSteps: false };

interface Bounds {
  readonly what: string;
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const boundsOf = ({ lastWeekday }: Dialect): readonly Bounds[] => [
  { what: "minute", first: 0, last: 59, names: [] },
  { what: "hour", first: 0, last: 23, names: [] },
  { what: "day of the month", first: 1, last: 31, names: [] },
  { what: "month", first: 1, last: 12, names: MONTHS },
  { what: "day of the week", first: 0, last: lastWeekday, names: WEEKDAYS },
];

const LONGEST_LINE = 1024;
const SECOND = 1_000_000_000n;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const BY_HAND = ["@triggered", "@manual", "@none"];

/** When a line is due, as the Velero that is delivered reads it. */
export function readCron(line: string): Reading<CronSchedule> {
  if (Buffer.byteLength(line) > LONGEST_LINE) return refused(`it is longer than ${LONGEST_LINE} bytes`);
  const zoned = readTimeZone(line);
  if (zoned.value === undefined) return zoned;
  const { zone, rest } = zoned.value;
  if (rest.startsWith("@")) return readDescriptor(rest, zone);
  return readFields(rest, CURRENT, zone);
}

function readDescriptor(text: string, zone: string | undefined): Reading<CronSchedule> {
  const line = Object.hasOwn(DESCRIPTORS, text) ? DESCRIPTORS[text] : undefined;
  if (line !== undefined) return readFields(line, CURRENT, zone);
  if (BY_HAND.includes(text)) return read({ kind: "never" });
  if (!text.startsWith("@every ")) {
    return refused(
      `what begins with @ is one of ${Object.keys(DESCRIPTORS).join(", ")}, or @every and a length of time`,
    );
  }
  const every = readGoDuration(text.slice("@every ".length));
  if (every.value === undefined) return refused(`what follows @every is no length of time: ${every.refusal}`);
  if (every.value < SECOND) return refused("what follows @every is shorter than a second");
  return read({ kind: "every", seconds: Number(every.value / SECOND) });
}

function readFields(text: string, dialect: Dialect, zone?: string): Reading<CronTimes> {
  const fields = goFields(text);
  if (fields.length !== 5) {
    return refused(`it has ${fields.length} fields, not 5: minute, hour, day of the month, month, day of the week`);
  }
  const sets: Set<number>[] = [];
  const stars: boolean[] = [];
  for (const [index, bounds] of boundsOf(dialect).entries()) {
    const field = readField(fields[index] ?? "", bounds, dialect);
    if (field.value === undefined) return refused(`the field ${bounds.what}: ${field.refusal}`);
    sets.push(field.value.values);
    stars.push(field.value.star);
  }
  const [minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  return read({
    kind: "times",
    minutes: inOrder(minutes),
    hours: inOrder(hours),
    days,
    months,
    weekdays: new Set([...weekdays].map((weekday) => weekday % 7)),
    bothDays: !stars[2] && !stars[4],
    ...(zone === undefined ? {} : { zone }),
  });
}

const inOrder = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b);

interface Field {
  readonly values: Set<number>;
  /** Whether it has a `*` or `?` whose step is 1. */
  readonly star: boolean;
}

function readField(field: string, bounds: Bounds, dialect: Dialect): Reading<Field> {
  const values = new Set<number>();
  let star = false;
  // The delivered Velero's parser knows L, W and H from others, and refuses lines with them.
  if (dialect === CURRENT && bounds.what === "day of the month" && /[LW]/i.test(field)) {
    return refused("it has an L or a W, which Velero doesn't take");
  }
  if (dialect === CURRENT && bounds.what === "day of the week" && field.includes("#")) {
    return refused("it has a #, which Velero doesn't take");
  }
  for (const part of field.split(",").filter((text) => text !== "")) {
    const range = readRange(part, bounds, dialect);
    if (range.value === undefined) return range;
    for (const value of range.value.values) values.add(value);
    star ||= range.value.star;
  }
  return read({ values, star });
}

function readRange(part: string, bounds: Bounds, dialect: Dialect): Reading<Field> {
  const [range = "", stepText, ...more] = part.split("/");
  const [low = "", high, ...others] = range.split("-");
  if (more.length > 0) return refused("a part has more than one /");
  const star = low === "*" || low === "?";
  if (!star && others.length > 0) return refused("a part has more than one -");
  const start = star ? bounds.first : numberOf(low, bounds);
  const step = stepText === undefined ? 1 : wholeNumber(stepText);
  let end = star ? bounds.last : high === undefined ? start : numberOf(high, bounds);
  if (start === undefined || end === undefined) {
    const named = bounds.names.length > 0 ? ` or a name such as ${bounds.names[0]?.toUpperCase()}` : "";
    return refused(`a part is no number from ${bounds.first} to ${bounds.last}${named}`);
  }
  if (step === undefined || step === 0) return refused("what follows / is no step, a number from 1");
  if (high === undefined && stepText !== undefined) end = bounds.last;
  if (start < bounds.first || end > bounds.last || (start > bounds.last && !dialect.wraps)) {
    return refused(`a number is outside ${bounds.first} to ${bounds.last}`);
  }
  if (start > end && !dialect.wraps) return refused("a range begins after its end");
  const size = BigInt.asUintN(64, BigInt(end) - BigInt(start) + (start > end ? BigInt(sizeOf(bounds)) : 0n) + 1n);
  if (dialect.shortSteps && step > 1 && BigInt(step) >= size) {
    return refused("a step is not shorter than its range, so that the range has only one value");
  }
  return read({ values: valuesOf(start, end, step, bounds), star: star && step === 1 });
}

const sizeOf = ({ first, last }: Bounds): number => last - first + 1;

/** Values from start to end; of a range that begins after its end, over the end of the field. */
function valuesOf(start: number, end: number, step: number, bounds: Bounds): Set<number> {
  const size = sizeOf(bounds);
  const last = start > end ? end + size : end;
  const values = new Set<number>();
  // At most twice the size of a field: the step is a whole number from 1.
  for (let value = start; value <= last; value += step) {
    values.add(value > bounds.last ? ((value - bounds.first) % size) + bounds.first : value);
  }
  return values;
}

function numberOf(text: string, { first, names }: Bounds): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? wholeNumber(text) : index + first;
}

/** A number as Go's strconv.Atoi has it; none that is negative. One that is far beyond every field counts as such. */
function wholeNumber(text: string): number | undefined {
  const digits = /^(?:\+?([0-9]+)|-0+)$/.exec(text);
  if (!digits) return undefined;
  const value = BigInt(digits[1] ?? "0");
  return value >= 2n ** 63n ? undefined : Math.min(Number(value), Number.MAX_SAFE_INTEGER);
}

/** How a line is read otherwise by the Velero before 1.18.3; `undefined` where it is read alike. */
export type CronDifference = "refused" | "either day" | "other days";

/**
 * What Velero 1.18.2 and earlier made of a line that the delivered one takes: `refused` (Sunday as 7, ranges over the end),
 * `either day` (both days given: one of the two was enough, now both must fit), `other days` (a step in the days of the week).
 */
export function earlierReading(line: string): CronDifference | undefined {
  const zoned = readTimeZone(line);
  if (zoned.value === undefined || zoned.value.rest.startsWith("@")) return undefined;
  const now = readFields(zoned.value.rest, CURRENT);
  const before = readFields(zoned.value.rest, EARLIER);
  if (now.value === undefined) return undefined;
  if (before.value === undefined) return "refused";
  if (inOrder(now.value.weekdays).join() !== inOrder(before.value.weekdays).join()) return "other days";
  return now.value.bothDays ? "either day" : undefined;
}
