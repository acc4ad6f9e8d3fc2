import assert from "node:assert/strict";
import { type BackupSummary, choiceProblem } from "../../../../ops/recovery/backup-choice";

const backup = (name: string, phase = "Completed", more: Partial<BackupSummary> = {}): BackupSummary => ({
  name,
  status: { phase, completionTimestamp: `2026-11-2${name.slice(-1)}T02:30:00Z` },
  namespaces: ["parse"],
  location: "outside",
  volumes: 1,
  ...more,
});
const known = [backup("daily-1"), backup("daily-3"), backup("daily-2"), backup("cut-off-4", "PartiallyFailed")];

describe("the backup that is to be restored", () => {
  it("is fine when it is Completed and has the application's namespace, or all", () => {
    assert.equal(choiceProblem("daily-2", "parse", known), undefined);
    assert.equal(choiceProblem("all-5", "parse", [backup("all-5", "Completed", { namespaces: ["*"] })]), undefined);
  });

  it("is refused when nobody knows it, with those that can be taken, the newest first", () => {
    const problem = choiceProblem("daily-9", "parse", known) ?? "";
    assert.match(problem, /^There is no backup daily-9\. Completed are/);
    assert.deepEqual(problem.match(/daily-\d(?= {2})/g), ["daily-3", "daily-2", "daily-1"]);
    assert.doesNotMatch(problem, /cut-off/);
  });

  it("is refused when it is not Completed; one that is PartiallyFailed is taken when that is said", () => {
    assert.match(
      choiceProblem("cut-off-4", "parse", known) ?? "",
      /is PartiallyFailed, not Completed.*--take-incomplete/,
    );
    assert.equal(choiceProblem("cut-off-4", "parse", known, true), undefined);
    assert.match(choiceProblem("new-5", "parse", [backup("new-5", "InProgress")], true) ?? "", /is InProgress/);
  });

  it("is refused when it holds other namespaces", () => {
    assert.match(choiceProblem("daily-1", "shop", known) ?? "", /holds parse, and not .* shop/);
  });

  it("cannot be had where Velero knows none, which is said", () => {
    assert.match(choiceProblem("daily-1", "parse", []) ?? "", /knows no backup .*within a minute/);
  });
});
