import { type CronSchedule, type CronTimes, readCron } from "./cron";

/** What a cron expression means for those who wait. Every loop here has an end that doesn't depend on the expression. */

const DAY_MILLISECONDS = 86_400_000;
const DAY_MINUTES = 1440;
const HOUR_MINUTES = 60;
/** Days of the week and of the year come together again after 28 years, in every century whose first year is a leap year. */
const CYCLE_YEARS = 28;
const CYCLE_FIRST_YEAR = 2001;
/**
 * How many calendar years Velero's parser looks ahead. Where it finds nothing, Velero takes the schedule for due, and makes a
 * backup each minute: getNextRunTime in https://github.com/velero-io/velero/blob/main/pkg/controller/schedule_controller.go
 */
export const LOOKED_AHEAD_YEARS = 5;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

const dayAt = (time: number): Day => {
  const date = new Date(time);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
};

/** The days of 28 years, made once. */
const cycle: readonly Day[] = (() => {
  const first = Date.UTC(CYCLE_FIRST_YEAR, 0, 1);
  const days = (Date.UTC(CYCLE_FIRST_YEAR + CYCLE_YEARS, 0, 1) - first) / DAY_MILLISECONDS;
  return Array.from({ length: days }, (_, number) => dayAt(first + number * DAY_MILLISECONDS));
})();

/** Whether a schedule runs on a day: all three fields must fit. */
const fits = (schedule: CronTimes, { month, day, weekday }: Day): boolean =>
  schedule.months.has(month) && schedule.days.has(day) && schedule.weekdays.has(weekday);

/** Minutes of a day at which a schedule runs, in order. */
const minutesOfDay = ({ hours, minutes }: CronTimes): number[] =>
  hours.flatMap((hour) => minutes.map((minute) => hour * HOUR_MINUTES + minute));

/** The longest time between two runs, hours; `undefined` where Velero finds no next one within its five years. */
export function longestPauseOf(schedule: CronSchedule): number | undefined {
  if (schedule.kind === "never") return undefined;
  if (schedule.kind === "every") return schedule.seconds / 3600;
  const times = minutesOfDay(schedule);
  const [first] = times;
  const last = times.at(-1);
  const matching = cycle.flatMap((day, number) => (fits(schedule, day) ? [{ number, year: day.year }] : []));
  const [firstDay] = matching;
  if (first === undefined || last === undefined || firstDay === undefined) return undefined;
  let longest = Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  const next = [...matching.slice(1), { number: firstDay.number + cycle.length, year: firstDay.year + CYCLE_YEARS }];
  for (const [index, { number, year }] of matching.entries()) {
    const { number: later, year: laterYear } = next[index] ?? firstDay;
    if (laterYear - year > LOOKED_AHEAD_YEARS) return undefined;
    longest = Math.max(longest, (later - number) * DAY_MINUTES + first - last);
  }
  // Where clocks are put back, a pause is an hour longer.
  return longest / HOUR_MINUTES + (schedule.zone === undefined || schedule.zone === "UTC" ? 0 : 1);
}

/**
 * The longest time between two runs, hours.
 * @param line cron as Velero reads it
 * @returns `undefined` for a line that Velero refuses, or of which it finds no next run within five years
 */
export function longestPauseHours(line: string): number | undefined {
  const { value } = readCron(line);
  return value && longestPauseOf(value);
}

/**
 * The next run after a time, as Velero's parser has it; `undefined` where it finds none.
 * @param after in UTC; a schedule with a time zone of its own is taken in UTC too
 */
export function nextRun(schedule: CronSchedule, after: Date): Date | undefined {
  if (schedule.kind === "never") return undefined;
  const second = Math.floor(after.getTime() / 1000) * 1000;
  if (schedule.kind === "every") return new Date(second + schedule.seconds * 1000);
  const times = minutesOfDay(schedule);
  const midnight = Math.floor(second / DAY_MILLISECONDS) * DAY_MILLISECONDS;
  const end = Date.UTC(after.getUTCFullYear() + LOOKED_AHEAD_YEARS + 1, 0, 1);
  for (let day = midnight; day < end; day += DAY_MILLISECONDS) {
    if (!fits(schedule, dayAt(day))) continue;
    const found = times.map((minute) => day + minute * 60_000).find((time) => time > second);
    if (found !== undefined) return new Date(found);
  }
  return undefined;
}
