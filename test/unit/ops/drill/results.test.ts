import assert from "node:assert/strict";
import fc from "fast-check";
import { type DrillResult, junitOf, markdownOf } from "../../../../ops/drill/results";

const passed: DrillResult = {
  stack: "acme",
  startedAt: "2026-11-25T07:05:36.356Z",
  lost: ["nothing", "namespace"],
  passed: true,
  steps: [{ name: "back up", seconds: 15.44 }],
  backup: { name: "drill-1", completedAt: "2026-11-25T07:05:56Z", volumes: 1 },
  compared: { objects: 1020, users: 20, files: 0, secrets: 4 },
  recoveries: [{ lost: "namespace", recoverySeconds: 20.6, lostDataSeconds: 15.1 }],
  notProven: ["files: none"],
};
const failure = 'Backup x is Failed: "<no> & no"';
const failed: DrillResult = {
  ...passed,
  passed: false,
  reason: failure,
  steps: [{ name: "back up", seconds: 1, failure }],
};

describe("a drill's results", () => {
  it("say in Markdown how long the recovery took, how old the lost data are, and what is not proven", () => {
    const page = markdownOf(passed);
    assert.match(page, /^# Drill of acme, .*: passed\n/);
    assert.match(page, /\| Lost: the application's namespace \| back after 20\.6 s, data lost: 15\.1 s \|/);
    assert.match(page, /\| Lost: nothing .* \| not proven to be back \|/);
    assert.match(page, /- Not proven: files: none/);
  });

  it("say in Markdown that it failed, and why", () => {
    assert.match(markdownOf(failed), /: FAILED\n\n\*\*Backup x is Failed/);
  });

  it("count the failed step in JUnit, with its reason", () => {
    assert.match(junitOf(passed), /tests="1" failures="0"/);
    assert.match(
      junitOf(failed),
      /failures="1"[\s\S]*<failure message="Backup x is Failed: &quot;&lt;no&gt; &amp; no&quot;"/,
    );
  });

  it("are never without a failure in JUnit when the drill did not pass", () => {
    assert.match(
      junitOf({ ...passed, passed: false, reason: "left behind" }),
      /failures="1"[\s\S]*message="left behind"/,
    );
  });

  it("are XML whatever a program said", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const report = junitOf({ ...failed, steps: [{ name: text, seconds: 0, failure: text }] });
        const [, inside = ""] = /message="([^"]*)"\/><\/testcase>/.exec(report) ?? [];
        assert.doesNotMatch(inside, /[<>\0]|&(?!(amp|lt|gt|quot);)/);
      }),
    );
  });
});
