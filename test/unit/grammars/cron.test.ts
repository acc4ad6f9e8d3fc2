import assert from "node:assert/strict";
import { longestPauseHours } from "../../../components/grammars/cron";

const PAUSES: ReadonlyArray<readonly [string, number]> = [
  ["17 * * * *", 1],
  ["*/15 * * * *", 0.25],
  ["30 2 * * *", 24],
  ["0 8-18/2 * * *", 14],
  ["45 3 * * 0", 168],
  ["45 3 * * SUN", 168],
  ["0 1 * * MON-FRI", 72],
  ["0 0 1 * *", 31 * 24],
  ["0 0 1,15 * *", 17 * 24],
  ["0 0 1 1 *", 366 * 24],
  ["0 0 1 JAN *", 366 * 24],
  // Cron runs on either of the two.
  ["0 0 1 * 7", 168],
];

describe("the longest pause of a schedule", () => {
  for (const [cron, hours] of PAUSES) {
    it(`of ${cron} is ${hours} h`, () => assert.equal(longestPauseHours(cron), hours));
  }

  it("is without end where it does not come twice", () => {
    assert.equal(longestPauseHours("0 0 30 2 *"), Number.POSITIVE_INFINITY);
  });
});
