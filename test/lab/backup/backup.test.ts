import assert from "node:assert/strict";
import { type LabObject, listObjects } from "../../../lab/node/cluster-api";
import { kubectl } from "../../../lab/node/start";
import { findSecrets } from "../../support/lab/secret-scan";
import { BackupStack } from "./backup-stack";
import { OutsideStore } from "./outside-store";

/** The bucket's directory that the stack is given. */
const PREFIX = "given";

describe("backups in the lab", () => {
  const stack = new BackupStack("backed-up");
  const store = new OutsideStore("s3-of-backed-up");
  const outputs: string[] = [];

  /** The settings with the store outside; `generation` is that of the store inside. */
  const write = async (generation = 1) => {
    const { endpoint, bucket } = store;
    const outside = { kind: "s3", name: "outside", endpoint, bucket, region: "us-east-1" };
    stack.writeBackup((backup) => {
      const [inside] = backup.locations as object[];
      return { ...backup, prefix: PREFIX, locations: [{ ...inside, secretGeneration: generation }, outside] };
    });
    await stack.giveKeys(store.accessKeyId, store.secret);
  };

  before(async () => {
    await store.start();
    await stack.create();
    await write();
    outputs.push(await stack.succeed("preview"));
    outputs.push(await stack.killUpAt(/BackupStorageLocation location-inside creating/));
    await stack.succeed("cancel", "--yes");
    outputs.push(await stack.up());
  });
  after(async () => {
    await stack.remove();
    await store.remove();
  });

  it("go to every location after the first update was killed and made again, which leaves nothing to change", async () => {
    const locations = await stack.veleroObjects("backupstoragelocations");
    assert.deepEqual(
      locations.map(({ metadata, status }) => [metadata.name, status?.lastValidationTime !== undefined]),
      [
        ["inside", true],
        ["outside", true],
      ],
    );
    for (const { metadata } of locations) await stack.available(metadata.name);
    await stack.expectNoChanges();
    const refreshed = await stack.succeed("refresh", "--yes", "--skip-preview");
    assert.doesNotMatch(refreshed, /^\s*[~+-]\s+\d+ (updated|created|deleted)/m, refreshed);
    await stack.expectNoChanges();
  });

  for (const location of ["inside", "outside"]) {
    it(`are complete at the location ${location}, with a copy of every volume, and of a database once`, async () => {
      const data = [
        "exec",
        "parse-server-postgresql-0",
        "-c",
        "postgresql",
        "--",
        "du",
        "-sb",
        "/var/lib/postgresql/data",
      ];
      const databaseBytes = Number.parseInt(await kubectl("-n", stack.namespace, ...data), 10);
      const { status } = await stack.completeBackup(`all-${location}`, location);
      assert.deepEqual([status?.errors, status?.warnings], [undefined, undefined]);
      assert.deepEqual(status?.hookStatus, { hooksAttempted: 2 });
      const claims = await stack.objects("persistentvolumeclaims");
      assert.ok(claims.length > 0);
      const copies = await stack.copiesOf(`all-${location}`);
      assert.deepEqual(
        copies.map((copy) => copy.status?.phase),
        claims.map(() => "Completed"),
      );
      const { bytesDone = 0 } = copies[0]?.status?.progress ?? {};
      assert.ok(bytesDone > 0 && bytesDone < 1.1 * databaseBytes, `${bytesDone} bytes of ${databaseBytes}`);
    });
  }

  it("keep every secret out of state, output, logs and all objects but Secrets", async () => {
    const secrets = await secretsOf(stack);
    secrets["secret of the store outside"] = store.secret;
    assert.ok(Object.keys(secrets).length >= 4, `too few secrets to look for: ${Object.keys(secrets).join(", ")}`);
    const inNamespace = (kinds: string) => kubectl("-n", stack.velero, "get", kinds, "-o", "json");
    const findings = findSecrets(secrets, {
      "exported state": await stack.succeed("stack", "export"),
      "plain stack output": await stack.succeed("stack", "output", "--json"),
      "preview and up": outputs.join("\n"),
      objects: await inNamespace("pods,deployments,daemonsets,statefulsets,jobs,configmaps,events"),
      "Velero's objects": await inNamespace("backups,backupstoragelocations,schedules,backuprepositories"),
      "logs of the server": await kubectl("-n", stack.velero, "logs", "deployment/velero", "--all-containers"),
      "logs of the node agent": await kubectl("-n", stack.velero, "logs", "daemonset/node-agent"),
      "logs of the store": await kubectl("-n", stack.velero, "logs", "store-inside-0", "--all-containers"),
      "logs of the claim": await kubectl("-n", stack.velero, "logs", "job/claim-outside"),
    });
    assert.deepEqual(findings, []);
  });

  for (const [what, selector] of Object.entries({
    "Velero's server": "deploy=velero",
    "the store": "app.kubernetes.io/instance=store-inside",
  })) {
    it(`are made again after ${what} was killed in the middle of one, which is not taken for complete`, async () => {
      const name = `cut-off-${selector.split(/[=-]/).pop()}`;
      await stack.copying(name);
      await kubectl("-n", stack.velero, "delete", "pod", "-l", selector, "--grace-period=0", "--force");
      const { status } = await stack.end("backups", name);
      if (status?.phase === "Completed") {
        const copies = await stack.copiesOf(name);
        assert.ok(
          copies.length > 0 && copies.every((copy) => copy.status?.phase === "Completed"),
          "complete without data",
        );
      }
      await kubectl("-n", stack.velero, "wait", "--for=condition=Ready", "pod", "-l", selector, "--timeout=900s");
      await stack.available("inside");
      await stack.completeBackup(`after-${name}`);
    });
  }

  it("go on with rotated credentials, inside and outside, and no pod of Velero's is restarted for it", async () => {
    const veleroPods = async () => {
      const pods = await listObjects("pods", stack.velero, "component=velero,!job-name");
      return pods.map(({ metadata }) => metadata.uid);
    };
    const before = await veleroPods();
    const [oldSecrets, oldKey] = [await secretsOf(stack), store.secret];
    await store.start();
    await write(2);
    await stack.up();
    assert.notEqual(store.secret, oldKey);
    const newSecrets = await secretsOf(stack);
    assert.notEqual(newSecrets["store-inside-user-2"], oldSecrets["store-inside-user-1"]);
    for (const location of ["inside", "outside"]) await stack.completeBackup(`rotated-${location}`, location);
    assert.deepEqual(await veleroPods(), before);
    await stack.expectNoChanges();
  });

  it("stay in the store outside when the stack is destroyed, which restores in its way do not stop", async () => {
    await stack.apply("Restore", "proof", {
      backupName: "all-outside",
      includedNamespaces: [stack.namespace],
      namespaceMapping: { [stack.namespace]: `${stack.namespace}-restored` },
    });
    const restore = await stack.end("restores", "proof");
    assert.deepEqual(
      [restore.status?.phase, restore.status?.warnings, restore.status?.errors],
      ["Completed", undefined, undefined],
    );
    const copy = ["-n", `${stack.namespace}-restored`, "logs", "parse-server-postgresql-0", "-c", "take-over-copy"];
    await kubectl(
      "-n",
      `${stack.namespace}-restored`,
      "wait",
      "--for=condition=Ready",
      "pod/parse-server-postgresql-0",
      "--timeout=900s",
    );
    assert.match(await kubectl(...copy), /starting from the consistent copy/);
    const outside = JSON.parse(await stack.succeed("stack", "output", "backup", "--json")).locations[1];
    assert.deepEqual(
      [outside.bucket, outside.prefix, outside.afterDestroy],
      [store.bucket, PREFIX, "its backups stay"],
    );
    await stack.succeed("destroy", "--yes", "--skip-preview");
    const left = (await listObjects("namespaces")).map(({ metadata }) => metadata.name);
    assert.ok(!left.includes(stack.velero) && !left.includes(stack.namespace), left.join(", "));
    assert.ok((await store.list(`${PREFIX}/backups`)).includes("all-outside"));
    await kubectl("delete", "namespace", `${stack.namespace}-restored`, "--wait=false");
  });
});

/** Every secret that the platform made for its backups, by the name of its Secret. */
async function secretsOf(stack: BackupStack): Promise<Record<string, string>> {
  const secrets = await listObjects<LabObject & { data: Record<string, string> }>("secrets", stack.velero);
  const decoded = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString("utf8");
  return Object.fromEntries(
    secrets.flatMap(({ metadata: { name }, data }) => {
      const value = data.secretAccessKey ?? data["repository-password"];
      return value === undefined ? [] : [[name, decoded(value)]];
    }),
  );
}
