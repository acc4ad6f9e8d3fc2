import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { VersionRecord } from "../../../components/platform/version-record";
import type { VersionHistory, Versions } from "../../../components/platform/versions";
import { outputValue, runProgram } from "../../support/pulumi-mocks";

const last: VersionHistory = {
  current: { parse: "9.9.0" },
  changedAt: "2026-10-01T08:00:00.000Z",
  overrides: [],
};
const now = new Date("2026-11-25T09:10:00Z");
const rules = { overrides: [], maximumBackupAgeHours: 26, readVerifiedBackup: undefined };

describe("VersionRecord", () => {
  it("shows policies from what and to what the stack goes, and hands on the history", async () => {
    const backup = { name: "drill-7", completedAt: "2026-11-25T02:00:00.000Z" };
    const asked: Versions[] = [];
    const readVerifiedBackup = (deployed: Versions) => {
      asked.push(deployed);
      return pulumi.output(backup);
    };
    const common = { next: { parse: "9.10.0" }, last: pulumi.output(last), now, maximumBackupAgeHours: 12 };
    const args = { ...rules, ...common, readVerifiedBackup };
    const program = () => new VersionRecord("versions", args).after({ parse: "9.10.0" });
    const { one, result } = await runProgram(program);
    assert.deepEqual(one("onprem:platform:VersionRecord").inputs, {
      from: { parse: "9.9.0" },
      to: { parse: "9.10.0" },
      changedAt: "2026-11-25T09:00:00.000Z",
      backup,
      overrides: [],
      maximumBackupAgeHours: 12,
    });
    assert.deepEqual((await outputValue(result)).previous, { parse: "9.9.0" });
    assert.deepEqual(asked, [last.current], "asked for a drill of what is deployed");
  });

  it("has no from on the first run", async () => {
    const args = { ...rules, next: { parse: "9.10.0" }, last: undefined, now };
    const { one } = await runProgram(() => new VersionRecord("versions", args));
    const { from, to } = one("onprem:platform:VersionRecord").inputs;
    assert.equal(from, undefined);
    assert.deepEqual(to, { parse: "9.10.0" });
  });

  it("looks for no verified backup on a first run, nor where nothing changes", async () => {
    const readVerifiedBackup = () => assert.fail("asked");
    for (const known of [undefined, last]) {
      const args = { ...rules, next: { parse: "9.9.0" }, last: known, now, readVerifiedBackup };
      await runProgram(() => new VersionRecord("versions", args));
    }
  });

  it("leaves the version on record of a part that the run left as it was, or says nothing of", async () => {
    const args = { ...rules, next: { parse: "9.10.0", velero: "1.18.3" }, last, now };
    for (const running of [{ parse: "9.9.0" }, {}, { parse: undefined, velero: undefined }]) {
      const { result } = await runProgram(() => new VersionRecord("versions", args).after(pulumi.output(running)));
      assert.deepEqual(await outputValue(result), last);
    }
  });

  it("says the same on the run after an upgrade", async () => {
    const upgrade = { ...rules, next: { parse: "9.10.0" }, last, now };
    const first = await runProgram(() => new VersionRecord("versions", upgrade).after({ parse: "9.10.0" }));
    const history = await outputValue(first.result);
    const later = { ...rules, next: { parse: "9.10.0" }, last: history, now: new Date("2027-01-01") };
    const second = await runProgram(() => new VersionRecord("versions", later));
    const type = "onprem:platform:VersionRecord";
    assert.deepEqual(second.one(type).inputs, first.one(type).inputs);
  });
});
