import assert from "node:assert/strict";
import { kubectl } from "../../../lab/node/start";
import { proveParse } from "../../../lab/proof";
import { BackupStack } from "./backup-stack";
import { DrillRun } from "./drill-run";
import { tagImage, untagImage } from "./image-tag";

const PARSE = "parseplatform/parse-server";

describe("the restore drill in the lab", () => {
  const stack = new BackupStack("drilled");
  const run = new DrillRun(stack);
  const uid = async (kind: string) => {
    const [first] = await stack.objects(kind);
    return first?.metadata.uid;
  };

  before(async () => {
    await stack.create();
    await stack.up();
  });
  after(async () => {
    await stack.remove();
    run.remove();
  });

  it("deletes nothing that it was not told to in so many words", async () => {
    const { exitCode, output } = await run.drill("--lose", "namespace");
    assert.equal(exitCode, 1);
    assert.match(output, /--really-destroy/);
  });

  it("brings back a copy beside, every deleted object, the database's volume and the namespace, from one backup", async () => {
    const kinds = ["deployments.v1.apps", "persistentvolumeclaims"];
    const before = await Promise.all(kinds.map(uid));
    const { exitCode, output } = await run.drill("--lose", "nothing,objects,volume,namespace", "--really-destroy");
    assert.equal(exitCode, 0, output);
    const { compared, recoveries } = run.result();
    assert.deepEqual([compared?.objects, compared?.users], [1020, 20]);
    assert.ok((compared?.secrets ?? 0) >= 3, output);
    assert.deepEqual(
      recoveries.map(({ lost, recoverySeconds }) => [lost, recoverySeconds > 0]),
      ["nothing", "objects", "volume", "namespace"].map((lost) => [lost, true]),
    );
    for (const [index, kind] of kinds.entries()) assert.notEqual(await uid(kind), before[index], kind);
  });

  it("leaves nothing of the copy and the restores, but a record of what it proved", async () => {
    assert.equal(await kubectl("get", "namespace", `${stack.namespace}-drill`, "--ignore-not-found"), "");
    assert.equal(await kubectl("-n", stack.velero, "get", "restores.velero.io", "-o", "name"), "");
    const { exitCode, output } = await run.drill("--last");
    assert.equal(exitCode, 0, output);
    const marker = JSON.parse(
      await kubectl("-n", stack.velero, "get", "configmap", "onprem-drill-passed", "-o", "json"),
    );
    assert.equal(marker.data.backup, run.result().backup?.name);
    assert.match(output, /The last proven restore is 0\.\d hours old: .*, backup drill-\d+, recovery \d+ s\.$/);
  });

  it("is relied on by an upgrade of Parse Server after the restore, which works and leaves nothing to change", async () => {
    await tagImage(PARSE, "9.10.0", "9.10.1");
    try {
      const settings = stack.settings();
      stack.write({ ...settings, parse: { ...settings.parse, version: "9.10.1" } });
      await stack.up();
      const { current, backup } = JSON.parse(await stack.succeed("stack", "output", "versions", "--json"));
      assert.deepEqual([current.parse, backup.name], ["9.10.1", run.result().backup?.name]);
      await proveParse(await stack.parseAddress());
      await stack.expectNoChanges();
    } finally {
      await untagImage(PARSE, "9.10.1");
    }
  });
});
