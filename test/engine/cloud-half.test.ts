/** The platform's cloud half on the real engine, with stand-ins for Google Cloud and Rancher. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { installPlugins } from "../../lab/plugins/install";
import { TestLedger } from "../unit/lab/clouds/cloud-client";
import { gke, rancher } from "../unit/settings/valid-settings";
import { EngineStack, findEngine } from "./engine";

const SECRET_PATHS = ["onprem:rancher.googleServiceAccountKey"];

/** A stack of the cloud half with a ledger of its own. */
class CloudStack {
  readonly ledger = new TestLedger();
  readonly stack = new EngineStack("cloud-half");
  private readonly path = process.env.PATH;

  async create(sections: Record<string, unknown>): Promise<void> {
    // Only looked for: nothing here goes into the cluster.
    const bin = join(this.stack.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "gke-gcloud-auth-plugin"), "#!/bin/sh\n");
    chmodSync(join(bin, "gke-gcloud-auth-plugin"), 0o755);
    process.env.PATH = `${bin}${delimiter}${this.path}`;
    const kubernetes = join(dirname(findEngine()), "pulumi-resource-kubernetes");
    installPlugins(join(this.stack.folder, "home"), { kubernetes });
    await this.stack.succeed("stack", "init", "test");
    const file = join(this.stack.folder, "Pulumi.test.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    const all = { customer: "acme", parse: {}, ...sections };
    const config = Object.entries(all).map(([name, value]) => [`onprem:${name}`, value]);
    document.set("config", document.createNode(Object.fromEntries(config)));
    writeFileSync(file, document.toString());
  }

  set(path: string, value: string, ...options: string[]): Promise<string> {
    return this.stack.succeed("config", "set", "--path", path, value, ...options);
  }

  up(): Promise<string> {
    return this.stack.succeed("up", "--yes", "--skip-preview");
  }

  /** What a preview would do, without what stays: `update Instance instance`. */
  async changes(): Promise<string[]> {
    interface Preview {
      steps: { op: string; urn: string }[];
    }
    const { steps } = JSON.parse(await this.stack.succeed("preview", "--json")) as Preview;
    const named = (urn: string): string => `${urn.split("::")[2]?.split(":").pop()} ${urn.split("::").pop()}`;
    return steps.filter(({ op }) => op !== "same" && op !== "read").map(({ op, urn }) => `${op} ${named(urn)}`);
  }

  /** Types deleted so far, in order. */
  deleted(): string[] {
    return this.ledger
      .journal()
      .filter(({ operation }) => operation === "delete")
      .map(({ type }) => type);
  }

  async remove(): Promise<void> {
    await this.stack.remove();
    this.ledger.remove();
    process.env.PATH = this.path;
  }
}

const UNPROTECTED = { deletionProtection: false };
const access = {
  users: [{ name: "jane" }],
  members: [{ user: "jane", role: "project-owner" }],
};

/** In the order in which a run comes to them. */
const FAILING = [
  "gcp:compute/address:Address",
  "gcp:compute/disk:Disk",
  "gcp:secretmanager/secretVersion:SecretVersion",
  "gcp:compute/instance:Instance",
  "rancher2:index/bootstrap:Bootstrap",
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
  "gcp:container/nodePool:NodePool",
  "rancher2:index/cloudCredential:CloudCredential",
  "rancher2:index/clusterSync:ClusterSync",
  "rancher2:index/project:Project",
];

describe("the cloud half on the real engine", function () {
  this.timeout(600_000);
  let cloud: CloudStack;
  beforeEach(() => {
    cloud = new CloudStack();
  });
  afterEach(() => cloud?.remove());

  const wholeLife = async () => {
    const planned = await cloud.changes();
    assert.ok(planned.length > 40 && planned.every((change) => change.startsWith("create ")), planned.join("\n"));
    assert.deepEqual(cloud.ledger.names(), [], "a preview makes nothing");
    await cloud.up();
    await cloud.stack.succeed("preview", "--expect-no-changes");
    await cloud.stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await cloud.stack.succeed("preview", "--expect-no-changes");
  };

  const SHAPES: readonly [statement: string, sections: Record<string, unknown>][] = [
    ["with a CA of its own", { rancher: rancher({ tls: { kind: "selfSigned" }, ...UNPROTECTED }) }],
    ["with Let's Encrypt", { rancher: rancher({ tls: { kind: "letsencrypt" }, ...UNPROTECTED }) }],
  ];
  for (const [statement, sections] of SHAPES) {
    it(`lives from an empty project to an empty one, ${statement}`, async () => {
      await cloud.create({ cluster: gke(UNPROTECTED), access, ...sections });
      await wholeLife();
      await cloud.stack.succeed("destroy", "--yes", "--skip-preview");
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
      assert.deepEqual(
        order,
        [...order].sort((one, other) => one - other),
      );
      assert.ok(order.every((place) => place >= 0));
    });
  }

  it("lives where Rancher creates the cluster", async () => {
    await cloud.create({
      cluster: gke({ createdBy: "rancher", ...UNPROTECTED }),
      rancher: rancher(UNPROTECTED),
      access,
    });
    for (const path of SECRET_PATHS) await cloud.set(path, '{"type":"service_account"}', "--secret");
    await wholeLife();
    assert.ok(!cloud.ledger.read().resources.some(({ type }) => type === "gcp:container/cluster:Cluster"));
    await cloud.stack.succeed("destroy", "--yes", "--skip-preview");
    assert.deepEqual(cloud.ledger.names(), []);
  });

  it("changes for each setting what its documentation says, and nothing else", async () => {
    await cloud.create({ cluster: gke(), rancher: rancher(), access });
    await cloud.up();
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
    for (const [path, value, effects] of EFFECTS) {
      const file = join(cloud.stack.folder, "Pulumi.test.yaml");
      const before = readFileSync(file, "utf8");
      if (path.includes("authorisedNetworks"))
        await cloud.set("onprem:cluster.authorisedNetworks[0].range", "203.0.113.0/28");
      await cloud.set(path, value);
      assert.deepEqual(await cloud.changes(), effects, path);
      writeFileSync(file, before);
    }
  });

  it("refuses in the preview to replace the data disk or the cluster while it is protected", async () => {
    await cloud.create({ cluster: gke(), rancher: rancher(), access });
    await cloud.up();
    for (const [path, value] of [
      ["onprem:rancher.zone", "europe-west3-b"],
      ["onprem:cluster.network.podRange", "10.64.0.0/16"],
    ] as const) {
      const file = join(cloud.stack.folder, "Pulumi.test.yaml");
      const before = readFileSync(file, "utf8");
      await cloud.set(path, value);
      const { exitCode, output } = await cloud.stack.run("preview");
      assert.notEqual(exitCode, 0, path);
      assert.match(output, /marked for protection/, path);
      writeFileSync(file, before);
    }
  });

  it("stops at what fails, with the reason, and goes on from there the next time", async () => {
    await cloud.create({ cluster: gke(), rancher: rancher(), access });
    for (const type of FAILING) {
      cloud.ledger.order({ operation: "create", type, error: `no ${type} today`, times: 1 });
      const { exitCode, output } = await cloud.stack.run("up", "--yes", "--skip-preview");
      assert.notEqual(exitCode, 0, type);
      assert.ok(output.includes(`no ${type} today`), output);
    }
    cloud.ledger.order();
    await cloud.up();
    await cloud.stack.succeed("preview", "--expect-no-changes");
    const names = cloud.ledger.read().resources.map(({ type, id }) => `${type} ${id}`);
    assert.equal(new Set(names).size, names.length, "nothing is there twice");
  });

  it("shows no password, token or private key in its state, its previews or the VM's metadata", async () => {
    await cloud.create({ cluster: gke(), rancher: rancher(), access });
    const shown = [await cloud.up(), await cloud.stack.succeed("preview", "--diff", "--show-sames")];
    const { resources } = cloud.ledger.read();
    const instance = resources.find(({ type }) => type.endsWith(":Instance"));
    const texts = [...shown, await cloud.stack.succeed("stack", "export"), JSON.stringify(instance?.properties)];
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
});
