import assert from "node:assert/strict";
import { reasonsInLog } from "../../../../components/grammars/logrus";
import { targetOf } from "../../../../ops/recovery/target";
import { operationProblem, volumeProblem } from "../../../../ops/recovery/velero-problems";

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

describe("the log of Velero's server", () => {
  const line = (level: string, restore: string, more: string) =>
    `time="2026-11-26T08:00:00Z" level=${level} ${more} logSource="pkg/x.go:1" restore=velero/${restore}`;
  const log = [
    line("info", "r-1", 'msg="started"'),
    line("warning", "r-1", 'msg="could not restore, ConfigMap \\"a\\" exists already"'),
    line("error", "r-1", 'error="BLOB not found" msg="pod volume restore failed"'),
    line("error", "r-1", 'error="BLOB not found" msg="pod volume restore failed"'),
    line("error", "r-10", "msg=other"),
  ].join("\n");

  it("tells the errors and warnings of one restore, errors first, each once", () => {
    assert.deepEqual(reasonsInLog(log, "restore=velero/r-1"), [
      "pod volume restore failed: BLOB not found",
      'could not restore, ConfigMap "a" exists already',
    ]);
  });

  it("tells of many warnings only those that Velero counts", () => {
    const noise = line("warning", "r-2", 'msg="No annotations found"');
    assert.deepEqual(reasonsInLog(noise, "restore=velero/r-2"), ["No annotations found"]);
    const counted = line("warning", "r-2", 'msg="Namespace parse, resource restore warning: a exists"');
    assert.deepEqual(reasonsInLog(`${noise}\n${counted}`, "restore=velero/r-2"), [
      "Namespace parse, resource restore warning: a exists",
    ]);
  });

  it("gives a problem its reasons", () => {
    const status = { phase: "PartiallyFailed", errors: 1 };
    assert.match(
      operationProblem("Restore", "r", status, ["", "BLOB not found"]) ?? "",
      /0 warnings: BLOB not found\./,
    );
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
