import assert from "node:assert/strict";
import { targetOf } from "../../../../ops/drill/target";
import { operationProblem, volumeProblem } from "../../../../ops/drill/velero-problems";

describe("a backup or a restore", () => {
  it("is fine when it is Completed without warnings", () => {
    assert.equal(operationProblem("Backup", "b", { phase: "Completed" }), undefined);
  });

  const failures = {
    "is PartiallyFailed": [{ phase: "PartiallyFailed", errors: 2 }, /PartiallyFailed with 2 errors/],
    "has warnings": [{ phase: "Completed", warnings: 1 }, /1 warnings/],
    "failed, with the reason": [
      { phase: "Failed", failureReason: "found in progress" },
      /Failed .*: found in progress/,
    ],
    "was refused, with the reason": [{ phase: "FailedValidation", validationErrors: ["no store"] }, /: no store/],
  } as const;
  for (const [what, [status, expected]] of Object.entries(failures))
    it(`is no proof when it ${what}`, () => assert.match(operationProblem("Restore", "r", status) ?? "", expected));

  it("is no proof when a claim was not copied", () => {
    assert.equal(volumeProblem(2, 2), undefined);
    assert.match(volumeProblem(2, 1) ?? "", /1 volumes were copied of 2/);
  });
});

describe("a stack without backups", () => {
  it("has nothing to drill, which is said", () => {
    const parse = {
      namespace: "p",
      service: "s",
      internalUrl: "http://s.p:1337/parse",
      applicationId: "a",
      masterKey: "m",
    };
    assert.throws(() => targetOf("acme", { parse, backup: null }), /Stack acme has no backups/);
    assert.equal(targetOf("acme", { parse, backup: { namespace: "v", schedules: ["daily"] } }).mountPath, "/parse");
  });
});
