import assert from "node:assert/strict";
import { describePlan, placeProblem } from "../../../../ops/restore/plan";
import { describeReport } from "../../../../ops/restore/restore";

const target = { stack: "acme", namespace: "parse" };
const backup = {
  name: "daily-1",
  status: { phase: "Completed", startTimestamp: "2026-11-26T02:30:00Z" },
  namespaces: ["parse"],
  location: "outside",
  volumes: 1,
};
const plan = { target, backup, extent: "namespace", replaces: false, now: new Date("2026-11-26T04:00:00Z") } as const;

describe("the place of a restore", () => {
  it("is free when there is no namespace, or when it may be replaced", () => {
    assert.equal(placeProblem(target, "namespace", "absent", false), undefined);
    assert.equal(placeProblem(target, "namespace", "present", true), undefined);
  });

  it("is not free where the namespace is there, with the ways out", () => {
    assert.match(
      placeProblem(target, "namespace", "present", false) ?? "",
      /parse is there.*--replace.*--only database/,
    );
  });

  it("is the namespace itself where only the database is lost", () => {
    assert.equal(placeProblem(target, "database", "present", false), undefined);
    assert.match(placeProblem(target, "database", "absent", false) ?? "", /no namespace parse .*without --only/);
  });

  it("is nowhere while the namespace goes", () => {
    for (const extent of ["namespace", "database"] as const)
      assert.match(placeProblem(target, extent, "terminating", true) ?? "", /is being deleted/);
  });
});

describe("what a restore shows before it is done", () => {
  it("is what goes, what comes, and how old the data are", () => {
    const text = describePlan({ ...plan, replaces: true });
    assert.match(text, /from +daily-1 at outside, begun 2026-11-26T02:30:00Z, 90 minutes ago, 1 volumes/);
    assert.match(text, /deletes +namespace parse, with all that is in it\n +brings +namespace parse, whole/);
    assert.doesNotMatch(text, /CAREFUL/);
    assert.match(describePlan(plan), /deletes +nothing/);
    assert.match(describePlan({ ...plan, extent: "database" }), /deletes +the database in parse/);
  });

  it("warns of a backup that lacks something", () => {
    const lacking = { ...backup, volumes: 0, status: { ...backup.status, phase: "PartiallyFailed", errors: 2 } };
    const text = describePlan({ ...plan, backup: lacking });
    assert.match(text, /CAREFUL +the backup is PartiallyFailed with 2 errors/);
    assert.match(text, /CAREFUL +the backup has no volume/);
  });
});

describe("what a restore says in the end", () => {
  const report = { seconds: 21.4, counts: { Note: 12, _User: 3 }, keysOfStack: true };

  it("is how many objects there are, and that there is nothing to change", () => {
    const text = describeReport(report, "acme");
    assert.match(text, /Restored in 21\.4 s.* 15 objects: Note 12, _User 3/);
    assert.match(text, /nothing to change/);
    assert.doesNotMatch(text, /CAREFUL/);
  });

  it("begins with what Velero warns of", () => {
    assert.match(describeReport({ ...report, warning: "1 warnings: exists" }, "acme"), /^CAREFUL: 1 warnings: exists/);
  });

  it("is what pulumi up would change, and that the keys are others", () => {
    const text = describeReport({ ...report, keysOfStack: false, changes: "~ release" }, "acme");
    assert.match(text, /keys are those of the backup/);
    assert.match(text, /something to change:\n~ release/);
  });
});
