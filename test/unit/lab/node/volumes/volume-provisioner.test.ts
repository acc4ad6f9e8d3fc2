import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../../../lab/layout";
import { ClusterObjects } from "../../../../../lab/node/volumes/cluster-objects";
import { VolumeProvisioner } from "../../../../../lab/node/volumes/volume-provisioner";
import { ApiServerStandIn } from "../../../../support/kubernetes/api-server-stand-in";
import { until } from "../../../../support/lab/until";
import { ClusterStandIn, type KeptObject } from "./cluster-stand-in";

const NAME = "lab.local/volumes";
const CLASS = "/apis/storage.k8s.io/v1/storageclasses/local";
const claimAt = (name: string) => `/api/v1/namespaces/shop/persistentvolumeclaims/${name}`;
const volumeAt = (name: string) => `/api/v1/persistentvolumes/${name}`;

/** A claim as it is once the scheduler chose a node; fields of its specification and its annotations change. */
const claim = (name: string, specification: object = {}, annotations: Readonly<Record<string, string>> = {}) => ({
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    annotations: {
      "volume.kubernetes.io/storage-provisioner": NAME,
      "volume.kubernetes.io/selected-node": "lab",
      ...annotations,
    },
  },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "local",
    ...specification,
  },
});

describe("the lab's provisioner of volumes", () => {
  let server: ApiServerStandIn;
  let cluster: ClusterStandIn;
  let scratch: string;
  /** So deep that what lies above it is this test's own too. */
  let folder: string;
  let stop: AbortController;
  let ended: Promise<void>;

  beforeEach(async () => {
    server = new ApiServerStandIn();
    await server.start();
    cluster = new ClusterStandIn(server);
    scratch = mkdtempSync(join(tmpdir(), "volumes-"));
    folder = join(scratch, "lab", "volumes");
    mkdirSync(folder, { recursive: true });
    const storageClass = { provisioner: NAME, volumeBindingMode: "WaitForFirstConsumer", reclaimPolicy: "Delete" };
    cluster.put(CLASS, { metadata: { name: "local" }, ...storageClass, mountOptions: ["noatime"] });
    cluster.put("/api/v1/nodes/lab", {
      metadata: { name: "lab", labels: { "kubernetes.io/hostname": "lab.host" } },
    } as KeptObject);
    stop = new AbortController();
    ended = Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await ended;
    server.stop();
    rmSync(scratch, { recursive: true });
  });

  const start = () => {
    const objects = new ClusterObjects(server.kubeconfig());
    const provisioner = new VolumeProvisioner(objects, { name: NAME, folder, retryMilliseconds: 5 });
    ended = provisioner.run({ signal: stop.signal, pauseMilliseconds: 5 });
  };
  const volumes = () => cluster.all("persistentvolumes");
  const events = () => cluster.all("events").map(({ reason, message }) => `${reason}: ${message}`);
  const volumesAre = (count: number) => until(`${count} volumes`, async () => volumes().length === count);
  const folderOf = (name: string) => join(folder, `pvc-uid-${name}_shop_${name}`);
  /** A volume of a claim that is gone. */
  const released = (name: string, change: object = {}, path = folderOf(name)) => ({
    metadata: { name, uid: `uid-${name}`, annotations: { "pv.kubernetes.io/provisioned-by": NAME } },
    spec: { persistentVolumeReclaimPolicy: "Delete", local: { path } },
    status: { phase: "Released" },
    ...change,
  });

  it("makes a folder that everybody may write to, and the volume of it on the claim's node", async () => {
    start();
    cluster.put(claimAt("data"), claim("data"));
    await until("an event", async () => events().length > 0);
    assert.equal(statSync(folderOf("data")).mode & 0o777, 0o777);
    const [{ metadata, spec } = { metadata: {}, spec: {} }] = volumes();
    assert.equal(metadata.name, "pvc-uid-data");
    assert.deepEqual(metadata.annotations, { "pv.kubernetes.io/provisioned-by": NAME });
    const node = { key: "kubernetes.io/hostname", operator: "In", values: ["lab.host"] };
    const { claimRef, ...rest } = spec as { claimRef: { uid: string; namespace: string; name: string } };
    assert.deepEqual([claimRef.uid, claimRef.namespace, claimRef.name], ["uid-data", "shop", "data"]);
    assert.deepEqual(rest, {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      local: { path: folderOf("data") },
      mountOptions: ["noatime"],
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [node] }] } },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: "local",
      volumeMode: "Filesystem",
    });
    assert.deepEqual(events(), ["ProvisioningSucceeded: Successfully provisioned volume pvc-uid-data"]);
  });

  it("leaves claims alone that have a volume, are another's, or that no pod needs yet", async () => {
    cluster.put(claimAt("bound"), claim("bound", { volumeName: "pv" }));
    cluster.put(claimAt("others"), claim("others", {}, { "volume.kubernetes.io/storage-provisioner": "other" }));
    cluster.put(claimAt("early"), claim("early", {}, { "volume.kubernetes.io/selected-node": "" }));
    cluster.put(claimAt("last"), claim("last"));
    start();
    await volumesAre(1);
    assert.deepEqual(readdirSync(folder), ["pvc-uid-last_shop_last"]);
    assert.equal(events().filter((event) => event.startsWith("ProvisioningFailed")).length, 0);
    cluster.put(claimAt("early"), claim("early"));
    await volumesAre(2);
  });

  const refusals: ReadonlyArray<readonly [string, object, string]> = [
    [
      "for several nodes at once",
      { accessModes: ["ReadWriteOnce", "ReadWriteMany"] },
      "access mode ReadWriteMany: a local volume has ReadWriteOnce or ReadWriteOncePod",
    ],
    ["for a device", { volumeMode: "Block" }, "volume mode Block: a local volume is a folder"],
  ];
  for (const [name, specification, words] of refusals)
    it(`refuses a claim ${name} once, with an event on it`, async () => {
      start();
      cluster.put(claimAt("odd"), claim("odd", specification));
      await until("a refusal", async () => events().length > 0);
      cluster.put(claimAt("good"), claim("good"));
      await volumesAre(1);
      const failed = `failed to provision volume with StorageClass "local": ${words}`;
      assert.equal(events()[0], `ProvisioningFailed: ${failed}`);
      const [event] = cluster.all("events") as unknown as [{ involvedObject: object; type: string }];
      const about = { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "odd", namespace: "shop", uid: "uid-odd" };
      assert.deepEqual([event.involvedObject, event.type], [about, "Warning"]);
      assert.deepEqual(readdirSync(folder), ["pvc-uid-good_shop_good"]);
      assert.equal(cluster.asked.filter((line) => line === `GET ${claimAt("odd")}`).length, 1);
    });

  it("makes one volume of a claim that changes before it is bound", async () => {
    start();
    cluster.put(claimAt("data"), claim("data"));
    await until("an event", async () => events().length > 0);
    cluster.put(claimAt("data"), claim("data", {}, { changed: "yes" }));
    const creations = () => cluster.asked.filter((line) => line === "POST /api/v1/persistentvolumes").length;
    await until("another try", async () => creations() === 2);
    cluster.put(claimAt("next"), claim("next"));
    await volumesAre(2);
    assert.deepEqual(
      events().filter((event) => !event.endsWith("pvc-uid-next")),
      ["ProvisioningSucceeded: Successfully provisioned volume pvc-uid-data"],
    );
  });

  it("takes a claim for one pod alone", async () => {
    start();
    cluster.put(claimAt("one"), claim("one", { accessModes: ["ReadWriteOncePod"] }));
    await volumesAre(1);
  });

  it("refuses a class that binds its volumes before a pod needs them", async () => {
    cluster.put(CLASS, { metadata: { name: "local" }, provisioner: NAME, volumeBindingMode: "Immediate" });
    start();
    cluster.put(claimAt("data"), claim("data"));
    await until("a refusal", async () => events().length > 0);
    assert.match(events()[0] ?? "", /it must bind its volumes when a pod first needs them$/);
  });

  it("tries again until it succeeds where a volume could not be made", async () => {
    start();
    cluster.put(claimAt("data"), claim("data", {}, { "volume.kubernetes.io/selected-node": "new" }));
    await until("failures", async () => events().length > 2);
    assert.match(events()[0] ?? "", /^ProvisioningFailed: GET \/api\/v1\/nodes\/new: 404 .*not found$/);
    cluster.put("/api/v1/nodes/new", { metadata: { name: "new" } });
    await volumesAre(1);
  });

  it("removes the folder and then the volume that lost its claim", async () => {
    mkdirSync(folderOf("old"));
    writeFileSync(join(folderOf("old"), "file"), "x");
    start();
    cluster.put(volumeAt("old"), released("old"));
    await volumesAre(0);
    assert.ok(!existsSync(folderOf("old")));
  });

  it("keeps volumes that are bound, to be kept, another's, or going already", async () => {
    const kept: Readonly<Record<string, object>> = {
      bound: { status: { phase: "Bound" } },
      retained: { spec: { persistentVolumeReclaimPolicy: "Retain", local: { path: folderOf("retained") } } },
      others: { metadata: { name: "others", uid: "uid-others", annotations: {} } },
    };
    for (const [name, change] of Object.entries(kept)) {
      mkdirSync(folderOf(name));
      cluster.put(volumeAt(name), released(name, change));
    }
    cluster.put(volumeAt("old"), released("old"));
    start();
    await volumesAre(3);
    assert.equal(readdirSync(folder).length, 3);
  });

  for (const [name, path] of Object.entries({
    "beside its own": "../beside",
    "below a volume's": "deep/below",
    "that is its own": ".",
    "above its own": "x/../..",
  }))
    it(`removes no folder ${name}, and says so on the volume`, async () => {
      const outside = `${folder}/${path}`;
      for (const there of ["../beside", "deep/below"]) mkdirSync(join(folder, there), { recursive: true });
      start();
      cluster.put(volumeAt("odd"), released("odd", {}, outside));
      await until("an end", async () => events().length > 0 || volumes().length === 0);
      assert.deepEqual(events(), [`VolumeFailedDelete: ${outside} is not a folder in ${folder}: it is not removed`]);
      assert.equal(volumes().length, 1);
      for (const there of ["../beside", "deep/below"]) assert.ok(existsSync(join(folder, there)), there);
    });

  it("goes on after the API server was away, with what happened meanwhile", async () => {
    start();
    await until("two watches", async () => cluster.watchers === 2);
    cluster.interrupt(5);
    cluster.put(claimAt("meanwhile"), claim("meanwhile"));
    cluster.put(volumeAt("old"), released("old"));
    await until(
      "the claim's volume alone",
      async () =>
        volumes()
          .map(({ metadata }) => metadata.name)
          .join() === "pvc-uid-meanwhile",
    );
    await until("two watches", async () => cluster.watchers === 2);
    cluster.put(claimAt("after"), claim("after"));
    await volumesAre(2);
  });

  it("lists anew where the server has forgotten what it watched", async () => {
    start();
    await until("two watches", async () => cluster.watchers === 2);
    cluster.forget();
    await until("two watches", async () => cluster.watchers === 2);
    cluster.put(claimAt("data"), claim("data"));
    await volumesAre(1);
  });

  it("asks for nothing while nothing happens", async () => {
    start();
    await until("two watches", async () => cluster.watchers === 2);
    const asked = cluster.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(cluster.asked.length, asked);
  });

  describe("as a program", () => {
    let child: ChildProcess | undefined;
    afterEach(() => child?.kill("SIGKILL"));

    const startProgram = () => {
      const kubeconfig = join(server.folder, "kubeconfig");
      writeFileSync(kubeconfig, server.kubeconfig());
      const program = join(projectRoot, "dist/lab/node/volumes/program.js");
      const heap = ["--max-old-space-size=64", "--max-semi-space-size=1"];
      const args = [`--kubeconfig=${kubeconfig}`, `--name=${NAME}`, `--folder=${folder}`];
      child = spawn(process.execPath, [...heap, program, ...args], { stdio: "ignore" });
      return new Promise((resolve) => child?.once("exit", (code, signal) => resolve(code ?? signal)));
    };

    it("finishes at the next start what it was killed in: the folder without its volume, the volume without its folder", async () => {
      const killed = startProgram();
      await until("two watches", async () => cluster.watchers === 2);
      child?.kill("SIGKILL");
      assert.equal(await killed, "SIGKILL");
      mkdirSync(folderOf("half"), { mode: 0o700 });
      cluster.put(claimAt("half"), claim("half"));
      cluster.put(volumeAt("old"), released("old"));
      const stopped = startProgram();
      await until(
        "the claim's volume alone",
        async () =>
          volumes()
            .map(({ metadata }) => metadata.name)
            .join() === "pvc-uid-half",
      );
      assert.equal(statSync(folderOf("half")).mode & 0o777, 0o777);
      child?.kill("SIGTERM");
      assert.equal(await stopped, 0);
    });
  });
});
