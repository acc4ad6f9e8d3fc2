import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../lab/layout.js";
import { kubectl } from "../../lab/node/start.js";
import type { DrillResult } from "../../ops/drill/results.js";
import { BackupStack } from "./backup-stack.js";

describe("the restore drill in the lab", function () {
  this.timeout(180_000);
  const stack = new BackupStack("drilled");
  const folder = mkdtempSync(join(tmpdir(), "drill-test-"));

  const drill = async (...args: string[]) => {
    const program = join(projectRoot, "dist/ops/drill/cli.js");
    const ended = await execa("node", [program, "--stack", stack.name, "--out", folder, ...args], {
      cwd: projectRoot,
      env: stack.environment(),
      reject: false,
      all: true,
    });
    return { exitCode: ended.exitCode, output: ended.all };
  };
  const result = () => JSON.parse(readFileSync(join(folder, "drill.json"), "utf8")) as DrillResult;

  before(async () => {
    await stack.create();
    await stack.up();
  });
  after(async () => {
    await stack.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("deletes nothing that it was not told to in so many words", async () => {
    const { exitCode, output } = await drill("--lose", "namespace");
    assert.equal(exitCode, 1);
    assert.match(output, /--really-destroy/);
  });

  it("passes with a copy beside the application, which reads its own database and is gone afterwards", async () => {
    const { exitCode, output } = await drill("--objects", "100", "--users", "2");
    assert.equal(exitCode, 0, output);
    assert.equal(await kubectl("get", "namespace", `${stack.namespace}-drill`, "--ignore-not-found"), "");
    assert.equal(await kubectl("-n", stack.velero, "get", "restores.velero.io", "-o", "name"), "");
  });

  it("passes after the namespace was deleted and restored: every object, user and Secret, and nothing to change", async () => {
    const [{ metadata }] = (await stack.objects("deployments")) as unknown as [{ metadata: { uid: string } }];
    const { exitCode, output } = await drill("--lose", "namespace", "--really-destroy");
    assert.equal(exitCode, 0, output);
    const { passed, objects, users, secrets = 0, recoverySeconds = 0 } = result();
    assert.deepEqual([passed, objects, users], [true, 1020, 20]);
    assert.ok(secrets >= 3 && recoverySeconds > 0, output);
    const [after] = (await stack.objects("deployments")) as unknown as [{ metadata: { uid: string } }];
    assert.notEqual(after.metadata.uid, metadata.uid);
  });

  it("fails when the store is away, with the reason, and leaves no marked data", async () => {
    await kubectl("-n", stack.velero, "scale", "statefulset/store-inside", "--replicas=0");
    await kubectl("-n", stack.velero, "wait", "--for=delete", "pod/store-inside-0", "--timeout=60s");
    await stack.until("backupstoragelocations", "inside", ({ status }) => status?.phase === "Unavailable");
    const { exitCode, output } = await drill("--objects", "10", "--users", "1");
    assert.equal(exitCode, 1, output);
    const { passed, reason = "" } = result();
    assert.equal(passed, false);
    assert.match(reason, /The store inside is Unavailable: /);
    const { url, applicationId, masterKey } = await stack.parseAddress();
    const headers = { "X-Parse-Application-Id": applicationId, "X-Parse-Master-Key": masterKey };
    // With a condition: without one, Parse Server answers with PostgreSQL's estimate of the table.
    const where = encodeURIComponent(JSON.stringify({ mark: { $exists: true } }));
    const left = await fetch(`${url}/classes/OnpremDrill?count=1&limit=0&where=${where}`, { headers });
    assert.deepEqual(await left.json(), { results: [], count: 0 });
    assert.deepEqual(await stack.veleroObjects("deletebackuprequests"), []);
    assert.match(readFileSync(join(folder, "drill.xml"), "utf8"), /failures="1"/);
  });
});
