/** One stack of the cloud half with all its protections and a CA of its own, from its first preview to its end. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { gke, rancher } from "../unit/settings/valid-settings";
import { CloudHalfStack, inventory } from "./cloud-half-stack";

const access = {
  users: [{ name: "jane" }],
  members: [{ user: "jane", role: "project-owner" }],
};

/** What each setting changes in a stack that is there. */
const EFFECTS: readonly [path: string, value: string, effects: string[]][] = [
  ["onprem:rancher.version", "2.14.5", ["update Instance instance"]],
  ["onprem:rancher.machineType", "e2-standard-8", ["update Instance instance"]],
  ["onprem:rancher.dataDiskSizeGb", "60", ["update Disk data-disk"]],
  ["onprem:rancher.allowedRanges[0]", "198.51.100.0/24", ["update Firewall https"]],
  ["onprem:rancher.snapshots.hourUtc", "3", ["update ResourcePolicy snapshots"]],
  ["onprem:cluster.nodes", "6", ["update NodePool nodes"]],
  ["onprem:cluster.kubernetesVersion", "1.34", ["update Cluster cluster"]],
  ["onprem:cluster.maintenanceWindow.start", "04:00", ["update Cluster cluster"]],
  ["onprem:cluster.authorisedNetworks[0].name", "office", ["update Cluster cluster"]],
  ["onprem:access.users[0].enabled", "false", ["update User jane"]],
];

/** What would replace the data disk or the cluster. */
const REPLACING: readonly [path: string, value: string][] = [
  ["onprem:rancher.zone", "europe-west3-b"],
  ["onprem:cluster.network.podRange", "10.64.0.0/16"],
];

describe("a protected stack of the cloud half on the real engine", function () {
  this.timeout(600_000);
  let cloud: CloudHalfStack;
  let printed: string;
  before(async () => {
    cloud = new CloudHalfStack();
    await cloud.create({ cluster: gke(), rancher: rancher(), access });
  });
  after(() => cloud?.remove());

  it("is made as its first preview says, and then there is nothing to do", async () => {
    const planned = await cloud.planned();
    assert.ok(planned.length > 30, inventory(planned).join("\n"));
    assert.deepEqual(cloud.ledger.names(), [], "a preview makes nothing");
    printed = await cloud.up();
    assert.deepEqual(inventory(cloud.ledger.read().resources), inventory(planned));
    await cloud.stack.succeed("preview", "--expect-no-changes");
    await cloud.stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("shows no password, token or private key in its state, its previews or the VM's metadata", async () => {
    const preview = await cloud.stack.succeed("preview", "--diff", "--show-sames", "--expect-no-changes");
    const texts = [printed, preview, await cloud.stack.succeed("stack", "export"), JSON.stringify(cloud.machine())];
    const { resources } = cloud.ledger.read();
    const token = resources.find(({ type }) => type.endsWith(":Bootstrap"))?.properties.token;
    const secrets = resources.filter(({ type }) => type.endsWith(":SecretVersion"));
    const values = [token, ...secrets.map(({ properties }) => properties.secretData)].map(String);
    assert.equal(values.length, 3);
    for (const value of values) {
      assert.ok(value.length > 16);
      for (const text of texts) assert.ok(!text.includes(value) && !text.includes(JSON.stringify(value).slice(1, -1)));
    }
    for (const text of texts) assert.doesNotMatch(text, /PRIVATE KEY/);
  });

  for (const [path, value, effects] of EFFECTS) {
    it(`would change for ${path} what its documentation says, and nothing else`, () =>
      withSettings(async () => {
        if (path.includes("authorisedNetworks"))
          await cloud.set("onprem:cluster.authorisedNetworks[0].range", "203.0.113.0/28");
        await cloud.set(path, value);
        assert.deepEqual(await cloud.changes(), effects);
      }));
  }

  for (const [path, value] of REPLACING) {
    it(`refuses in the preview what ${path} would replace`, () =>
      withSettings(async () => {
        await cloud.set(path, value);
        const { exitCode, output } = await cloud.stack.run("preview");
        assert.notEqual(exitCode, 0);
        assert.match(output, /marked for protection/);
      }));
  }

  it("loses nothing to a `destroy` with its preview", async () => {
    const before = cloud.ledger.names();
    const { exitCode, output } = await cloud.stack.run("destroy", "--yes");
    assert.notEqual(exitCode, 0);
    assert.match(output, /protected/);
    assert.deepEqual(cloud.ledger.names(), before);
  });

  it("goes, in order and to the last resource, once the settings have given up the protection", async () => {
    for (const section of ["rancher", "cluster"]) await cloud.set(`onprem:${section}.deletionProtection`, "false");
    await cloud.up();
    await cloud.destroy();
    assert.deepEqual(cloud.ledger.names(), []);
    const order = [
      "ProjectRoleTemplateBinding",
      "Project",
      "ClusterSync",
      "rancher2:index/cluster:Cluster",
      "CloudCredential",
      "gcp:container/cluster:Cluster",
      "Instance",
      "Disk",
    ].map((type) => cloud.deleted().findIndex((deleted) => deleted === type || deleted.endsWith(`:${type}`)));
    assert.ok(order.every((place) => place >= 0));
    assert.deepEqual(
      order,
      [...order].sort((one, other) => one - other),
    );
  });

  /** Puts the settings back afterwards. */
  async function withSettings(test: () => Promise<void>): Promise<void> {
    const before = readFileSync(cloud.settingsFile, "utf8");
    try {
      await test();
    } finally {
      writeFileSync(cloud.settingsFile, before);
    }
  }
});
