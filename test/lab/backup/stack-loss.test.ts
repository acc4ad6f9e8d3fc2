import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { paths } from "../../../lab/layout";
import { MarkedData } from "../../../ops/drill/marked-data";
import { Cluster } from "../../../ops/recovery/cluster";
import { ParseApi, type ParseKeys } from "../../../ops/recovery/parse-api";
import { BackupStack } from "./backup-stack";
import { DrillRun } from "./drill-run";
import { OutsideStore } from "./outside-store";

describe("the loss of everything but the store and the password in escrow", () => {
  const lost = new BackupStack("recovered");
  /** Takes its place, under another name. */
  const stack = new BackupStack("successor", lost.platform);
  const store = new OutsideStore("s3-of-recovered");
  const run = new DrillRun(stack);
  const data = new MarkedData("kept", 5);
  let digests: Map<string, string>;
  let secrets: Map<string, string>;
  let keys: ParseKeys;
  let repositoryPassword: string;
  const parseOf = async (of: BackupStack, { applicationId, masterKey }: ParseKeys) => {
    const { url } = await of.parseAddress();
    return new ParseApi({ url, mountPath: "/parse", applicationId, masterKey });
  };
  const cluster = new Cluster(readFileSync(paths.kubeconfig, "utf8"));
  /** Goes away, whichever of the two there is. */
  let remove = () => lost.remove();
  after(async () => {
    cluster.close();
    await remove();
    await store.remove();
    run.remove();
  });

  before(async () => {
    await store.start();
    await lost.create();
    await lost.writeOutside({ store });
    await lost.up();
    keys = await lost.parseAddress();
    const parse = await parseOf(lost, keys);
    await data.write(parse, { objects: 1000, files: 0 });
    digests = await data.digests(parse);
    secrets = await cluster.secretDigests(lost.namespace);
    await lost.completeBackup("the-last");
    const outputs = JSON.parse(await lost.succeed("stack", "output", "backup", "--json", "--show-secrets"));
    repositoryPassword = outputs.repositoryPassword;
    await lost.remove();
    remove = () => stack.remove();
    await stack.create();
  });

  it("is one in which another stack is refused the directory without the password, with the way out", async () => {
    await stack.writeOutside({ store });
    const path = `${lost.platform}/owner.json`;
    const owner = await store.read(path);
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /directory recovered of bucket customers at .* belongs to stack onprem-platform\/recovered, under another repository password: choose another onprem:backup\.prefix; or, if this stack takes the other's place, give its password from escrow/,
    );
    assert.deepEqual(await stack.veleroObjects("backupstoragelocations"), []);
    assert.equal(await store.read(path), owner);
  });

  it("is one in which it takes the other's place with the password, and finds the backups", async () => {
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
    const restored = await parseOf(stack, keys);
    assert.deepEqual(await data.digests(restored), digests);
    assert.deepEqual([...(await data.refusedLogins(restored))], []);
    assert.deepEqual(await cluster.secretDigests(stack.namespace), secrets);
  });

  it("is one after which the stack goes on: a changed setting is brought up, and the next drill passes", async () => {
    await stack.writeOutside({ store, repositoryPassword, parse: { sessionLengthSeconds: 3600 } });
    await stack.up();
    await stack.expectNoChanges();
    assert.equal(await (await parseOf(stack, keys)).count("OnpremDrill"), 1000);
    const { exitCode, output } = await run.drill("--objects", "20", "--users", "1");
    assert.equal(exitCode, 0, output);
  });
});
