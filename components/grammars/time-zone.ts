import { goTrim, type Reading, read, refused } from "./reading";

/** A line of cron without the time zone before it. */
export interface ZonedLine {
  readonly zone?: string;
  readonly rest: string;
}

const PREFIX = /^(?:CRON_)?TZ=/;
const LONGEST_NAME = 64;

/** The time zone that a line of cron begins with, `TZ=Europe/Berlin 0 3 * * *` or `CRON_TZ=…`, and what follows it. */
export function readTimeZone(line: string): Reading<ZonedLine> {
  const prefix = PREFIX.exec(line)?.[0];
  if (prefix === undefined) return line === "" ? refused("it is empty") : read({ rest: line });
  const space = line.indexOf(" ");
  const rest = goTrim(space < 0 ? "" : line.slice(space));
  if (rest === "") return refused("nothing follows its time zone");
  const name = line.slice(prefix.length, space);
  const zone = /^(["'])(.*)\1$/.exec(name)?.[2] ?? name;
  return isTimeZone(zone) ? read({ zone, rest }) : refused("its time zone is none of those such as Europe/Berlin");
}

/**
 * Whether a name is one of the time zone database, written as it is written there: the program that reads it looks for a file
 * of that name. Names that the database keeps for older ones are known too.
 */
function isTimeZone(name: string): boolean {
  if (name.length > LONGEST_NAME || !/^[A-Z][A-Za-z0-9/_+-]*$/.test(name)) return false;
  if (/^[A-Z]{5,}|\/[A-Z]{5,}/.test(name)) return false;
  const known = KNOWN.get(name.toLowerCase());
  if (known !== undefined) return known === name;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const KNOWN = new Map(["UTC", ...Intl.supportedValuesOf("timeZone")].map((name) => [name.toLowerCase(), name]));
