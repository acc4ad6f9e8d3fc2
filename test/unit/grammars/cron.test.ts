import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type CronTimes, earlierReading, readCron } from "../../../components/grammars/cron";
import { longestPauseHours, longestPauseOf, nextRun } from "../../../components/grammars/cron-times";
import { cronLines } from "../../support/grammars/texts";

const PAUSES: ReadonlyArray<readonly [string, number]> = [
  ["17 * * * *", 1],
  ["*/15 * * * *", 0.25],
  ["30 2 * * *", 24],
  ["0 8-18/2 * * *", 14],
  ["0,30 9 * * *", 23.5],
  ["45 3 * * 0", 168],
  ["45 3 * * SUN", 168],
  ["0 1 * * MON-FRI", 72],
  ["0 0 1 * *", 31 * 24],
  ["0 0 1,15 * *", 17 * 24],
  ["0 0 1 1 *", 366 * 24],
  ["0 0 1 JAN *", 366 * 24],
  ["0 0 29 2 *", (4 * 365 + 1) * 24],
  // Both days must fit: the 13th is no Friday for fourteen months, from July of a year to September of the next.
  ["0 0 13 * FRI", 427 * 24],
  ["@daily", 24],
  ["@every 90m", 1.5],
  ["TZ=UTC 0 3 * * *", 24],
  ["TZ=Europe/Berlin 0 3 * * *", 25],
];

/** Lines that Velero refuses, each with a word of the reason. */
const REFUSED: ReadonlyArray<readonly [string, RegExp]> = [
  ["", /empty/],
  ["* * * *", /4 fields/],
  ["* * * * * *", /6 fields/],
  ["61 * * * *", /minute.*0 to 59/],
  ["0 24 * * *", /hour.*0 to 23/],
  ["0 0 0 * *", /day of the month.*1 to 31/],
  ["0 0 32 * *", /1 to 31/],
  ["0 0 * 13 *", /month.*1 to 12/],
  ["0 3 * * 8", /day of the week.*0 to 7/],
  ["0 3 * * FOO", /day of the week.*such as SUN/],
  ["0 3 * FRI *", /month.*such as JAN/],
  ["*/0 * * * *", /step/],
  ["*/ * * * *", /step/],
  ["*/60 * * * *", /not shorter than its range/],
  ["1/2/3 * * * *", /more than one \//],
  ["1-2-3 * * * *", /more than one -/],
  ["-1 * * * *", /number/],
  ["1.5 * * * *", /number/],
  ["H * * * *", /number/],
  ["0 0 L * *", /L or a W/],
  ["0 0 * * MON#2", /#/],
  ["@reboot", /@every/],
  ["@every 1d", /unit/],
  ["@every 0.5s", /shorter than a second/],
  ["TZ=UTC", /nothing follows/],
  ["TZ=Nowhere/Else 0 3 * * *", /time zone/],
  ["TZ=europe/berlin 0 3 * * *", /time zone/],
  [`${"0,".repeat(600)}0 * * * *`, /longer than 1024/],
];

describe("the longest pause of a schedule", () => {
  for (const [line, hours] of PAUSES) {
    it(`of ${line} is ${hours} h`, () => assert.equal(longestPauseHours(line), hours));
  }

  for (const line of ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 29 2 MON", ", * * * *", "@manual"]) {
    it(`there is none of ${line}, of which Velero finds no next run`, () => {
      assert.equal(longestPauseHours(line), undefined);
    });
  }
});

describe("cron as Velero reads it", () => {
  for (const [line, reason] of REFUSED) {
    it(`${line.slice(0, 40)} is refused`, () => assert.match(readCron(line).refusal ?? "taken", reason));
  }

  it("names in any case, ? for *, and ranges over the end", () => {
    const { value } = readCron("0 22-2/2 ? NOV-feb Fri-Mon");
    assert.ok(value?.kind === "times");
    assert.deepEqual(value.hours, [0, 2, 22]);
    assert.deepEqual([...value.months].sort(), [1, 11, 12, 2]);
    assert.deepEqual([...value.weekdays].sort(), [0, 1, 5, 6]);
  });

  it("reads any text whatever, and says yes or no", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 1200 }), cronLines), (line) => {
        const { value, refusal } = readCron(line);
        assert.notEqual(value === undefined, refusal === undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it("lists and ranges say the same", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (minutes) => {
        const { value } = readCron(`${minutes.map((minute) => `${minute}-${minute}`).join(",")} * * * *`);
        assert.deepEqual(
          (value as CronTimes).minutes,
          [...minutes].sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe("the next run of a schedule", () => {
  it("comes after the time, and never later than the longest pause", () => {
    const times = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(cronLines, times, (line, time) => {
        const { value } = readCron(line);
        const pause = value && longestPauseOf(value);
        if (value === undefined || pause === undefined) return;
        const next = nextRun(value, new Date(time));
        assert.ok(next && next.getTime() > time - 1000);
        assert.ok(next.getTime() - time <= pause * 3_600_000, `${line} after ${new Date(time).toISOString()}`);
      }),
      { numRuns: 500 },
    );
  });

  it("is the 29th of February of the next leap year", () => {
    const { value } = readCron("0 0 29 2 *");
    assert.ok(value);
    assert.equal(nextRun(value, new Date("2028-03-01T00:00:00Z"))?.toISOString(), "2032-02-29T00:00:00.000Z");
  });
});

describe("what the Velero before 1.18.3 made of a line", () => {
  for (const line of ["0 3 * * 7", "0 3 * * 5-7", "0 22-4 * * *", "50-10 * * * *", "0 0 * * FRI-MON"]) {
    it(`${line} was refused`, () => assert.equal(earlierReading(line), "refused"));
  }

  it("of a day of the month and one of the week, either was enough", () => {
    assert.equal(earlierReading("0 3 1 * 0"), "either day");
    assert.equal(earlierReading("0 3 1 * *"), undefined);
    assert.equal(earlierReading("0 3 */2 * 1"), "either day");
    assert.equal(earlierReading("0 3 */1 * 1"), undefined);
  });

  it("a step from a day of the week on didn't come to Sunday", () => {
    assert.equal(earlierReading("0 3 * * 1/2"), "other days");
  });
});
