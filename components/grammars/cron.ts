/** What a cron expression means for those who wait. Pure. */

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY_MILLISECONDS = 86_400_000;
const DAY_MINUTES = 1440;
/** Long enough for a 29th of February on both sides of a century that has none. */
const LOOKED_AT_DAYS = 366 * 9;

/** A number or a name as a number. */
function numberOf(text: string, names: readonly string[], first: number): number {
  const index = names.indexOf(text.toUpperCase().slice(0, 3));
  return index < 0 ? Number(text) : index + first;
}

/** Values of one field, such as `1-5` or every tenth. */
function valuesOf(field: string, from: number, to: number, names: readonly string[] = [], first = 0): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [low = "", high] = range === "*" ? [String(from), String(to)] : range.split("-");
    const start = numberOf(low, names, first);
    const end = high === undefined ? (step === undefined ? start : to) : numberOf(high, names, first);
    for (let value = start; value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

/**
 * The longest time between two runs, hours.
 * @param cron five fields: minute, hour, day of the month, month, day of the week
 * @returns `Infinity` where there are not two runs in nine years
 */
export function longestPauseHours(cron: string): number {
  const [minute = "*", hour = "*", day = "*", month = "*", weekday = "*"] = cron.trim().split(/\s+/);
  const hours = [...valuesOf(hour, 0, 23)];
  const times = [...valuesOf(minute, 0, 59)].flatMap((at) => hours.map((of) => of * 60 + at)).sort((a, b) => a - b);
  const days = valuesOf(day, 1, 31);
  const months = valuesOf(month, 1, 12, MONTHS, 1);
  const weekdays = new Set([...valuesOf(weekday, 0, 7, WEEKDAYS)].map((value) => value % 7));
  // As cron has it: of two that are restricted, one is enough.
  const either = !day.startsWith("*") && !weekday.startsWith("*");
  let last: number | undefined;
  let longest = 0;
  for (let number = 0; number < LOOKED_AT_DAYS; number++) {
    const date = new Date(Date.UTC(2024, 0, 1) + number * DAY_MILLISECONDS);
    const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    if (!months.has(date.getUTCMonth() + 1) || !(either ? byDay || byWeekday : byDay && byWeekday)) continue;
    for (const time of times) {
      const at = number * DAY_MINUTES + time;
      if (last !== undefined) longest = Math.max(longest, at - last);
      last = at;
    }
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest / 60;
}
