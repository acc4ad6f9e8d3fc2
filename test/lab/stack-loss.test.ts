import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { paths } from "../../lab/layout.js";
import { MarkedData } from "../../ops/drill/marked-data.js";
import { Cluster } from "../../ops/recovery/cluster.js";
import { ParseApi, type ParseKeys } from "../../ops/recovery/parse-api.js";
import { BackupStack } from "./backup-stack.js";
import { DrillRun } from "./drill-run.js";
import { OutsideStore } from "./outside-store.js";

describe("the loss of everything but the store and the password in escrow", function () {
  this.timeout(600_000);
  const stack = new BackupStack("recovered");
  const store = new OutsideStore("s3-of-recovered");
  const run = new DrillRun(stack);
  const data = new MarkedData("kept", 5);
  let digests: Map<string, string>;
  let secrets: Map<string, string>;
  let keys: ParseKeys;
  let repositoryPassword: string;
  const parseWith = async ({ applicationId, masterKey }: ParseKeys) => {
    const { url } = await stack.parseAddress();
    return new ParseApi({ url, mountPath: "/parse", applicationId, masterKey });
  };
  const cluster = new Cluster(readFileSync(paths.kubeconfig, "utf8"));
  after(async () => {
    cluster.close();
    await stack.remove();
    await store.remove();
    run.remove();
  });

  before(async () => {
    await store.start();
    await stack.create();
    await stack.writeOutside({ store });
    await stack.up();
    keys = await stack.parseAddress();
    const parse = await parseWith(keys);
    await data.write(parse, { objects: 1000, files: 0 });
    digests = await data.digests(parse);
    secrets = await cluster.secretDigests(stack.namespace);
    const { status } = await stack.backUp("the-last");
    assert.equal(status?.phase, "Completed");
    const outputs = JSON.parse(await stack.succeed("stack", "output", "backup", "--json", "--show-secrets"));
    repositoryPassword = outputs.repositoryPassword;
    await stack.remove();
    await stack.create();
    await stack.writeOutside({ store, repositoryPassword });
    await stack.up();
    await stack.found("the-last");
  });

  it("is one in which a restore says what is in its way, and which backups there are", async () => {
    const unknown = await run.restore("--from", "no-such", "--yes");
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.output, /^There is no backup no-such\. Completed are, the newest first:\n {2}the-last /);
    const inTheWay = await run.restore("--from", "the-last", "--yes");
    assert.equal(inTheWay.exitCode, 1);
    assert.match(inTheWay.output, /Namespace parse-recovered is there.*--replace/);
    const unasked = await run.restore("--from", "the-last", "--replace");
    assert.equal(unasked.exitCode, 1);
    assert.match(unasked.output, /deletes +namespace parse-recovered[\s\S]*Nobody is there to be asked/);
  });

  it("is one after which a restore brings back the same data and the same secrets", async () => {
    const { exitCode, output } = await run.restore("--from", "the-last", "--replace", "--yes");
    assert.equal(exitCode, 0, output);
    assert.match(output, /is healthy and has \d+ objects: OnpremDrill 1000, /);
    assert.match(output, /Its keys are those of the backup/);
    assert.match(output, /has nothing to change/);
    // The Service, and with it its address, is another; the keys are the old ones.
    const restored = await parseWith(keys);
    assert.deepEqual(await data.digests(restored), digests);
    assert.deepEqual([...(await data.refusedLogins(restored))], []);
    assert.deepEqual(await cluster.secretDigests(stack.namespace), secrets);
  });

  it("is one after which the stack goes on: a changed setting is brought up, and the next drill passes", async () => {
    await stack.writeOutside({ store, repositoryPassword, parse: { sessionLengthSeconds: 3600 } });
    await stack.up();
    await stack.expectNoChanges();
    assert.equal(await (await parseWith(keys)).count("OnpremDrill"), 1000);
    const { exitCode, output } = await run.drill("--objects", "20", "--users", "1");
    assert.equal(exitCode, 0, output);
  });
});
