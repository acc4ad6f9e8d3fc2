import assert from "node:assert/strict";
import fc from "fast-check";
import { type DrillRecord, drillRecord, evidenceOf } from "../../../components/platform/drill-record";

const backup = { name: "drill-7", completedAt: "2026-11-25T02:00:00Z" };
const passed: DrillRecord = {
  at: "2026-11-25T02:05:00.000Z",
  passed: true,
  backup,
  versions: { parse: "9.9.0", velero: "1.18.3" },
  lost: ["namespace"],
  recoverySeconds: 20.6,
  lostDataSeconds: 15.1,
};
const demands = { deployed: passed.versions, now: new Date("2026-11-26T08:00:00Z"), maximumAgeDays: 8 };

describe("a drill's record", () => {
  it("is read as it was written", () => {
    assert.deepEqual(drillRecord(JSON.stringify(passed)), passed);
  });

  it("is none when it is anything else, whatever that is", () => {
    assert.equal(drillRecord(undefined), undefined);
    assert.equal(drillRecord(JSON.stringify({ ...passed, passed: "yes" })), undefined);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(drillRecord(text), undefined)));
  });

  it("speaks for an upgrade from the versions that it was of", () => {
    assert.deepEqual(evidenceOf(passed, demands), { backup });
  });

  const doubts: Record<string, [DrillRecord | undefined, RegExp]> = {
    "there is none": [undefined, /no drill has left a record/],
    "it failed": [{ ...passed, passed: false, reason: "The store is Unavailable" }, /failed: The store is Unavailable/],
    "it has no backup": [{ ...passed, backup: undefined }, /names no backup/],
    "it was of other versions": [{ ...passed, versions: { parse: "9.8.0" } }, /other versions/],
    "it is older than allowed": [{ ...passed, at: "2026-11-17T02:00:00Z" }, /is 9 days old; .*maximumAgeDays is 8/],
  };
  for (const [what, [record, words]] of Object.entries(doubts)) {
    it(`speaks for none when ${what}, and says why`, () => {
      const evidence = evidenceOf(record, demands);
      assert.match("doubt" in evidence ? evidence.doubt : "no doubt", words);
    });
  }
});
