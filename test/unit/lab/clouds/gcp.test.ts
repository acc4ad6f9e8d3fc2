import assert from "node:assert/strict";
import { gcpProvider } from "../../../../lab/clouds/gcp/provider";
import { type PropertyMap, secret, UNKNOWN } from "../../../../lab/plugins/property-values";
import { CloudClient, type Remembered, TestLedger } from "./cloud-client";

const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const ADDRESS = "gcp:compute/address:Address";
const INSTANCE = "gcp:compute/instance:Instance";
const DISK = "gcp:compute/disk:Disk";
const ACCOUNT = "gcp:serviceaccount/account:Account";
const MEMBER = "gcp:projects/iAMMember:IAMMember";
const CLUSTER = "gcp:container/cluster:Cluster";
const POOL = "gcp:container/nodePool:NodePool";
const SECRET = "gcp:secretmanager/secret:Secret";
const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const KEY_RING = "gcp:kms/keyRing:KeyRing";
const CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey";
const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";

describe("stand-in for Google Cloud", () => {
  let ledger: TestLedger;
  let cloud: CloudClient;
  beforeEach(async () => {
    ledger = new TestLedger();
    cloud = await CloudClient.connect(gcpProvider(), { project: "acme-platform", region: "europe-west3" });
  });
  afterEach(() => {
    cloud.close();
    ledger.remove();
  });

  const network = (name = "acme"): Promise<Remembered> =>
    cloud.create(NETWORK, "network", { name, autoCreateSubnetworks: false });
  const subnetwork = async (inputs: PropertyMap = {}): Promise<Remembered> => {
    const { id } = await network();
    return cloud.create(SUBNETWORK, "nodes", { name: "nodes", network: id, ipCidrRange: "10.0.0.0/20", ...inputs });
  };
  const machine = (subnetworkLink: unknown, inputs: PropertyMap = {}): PropertyMap => ({
    name: "rancher",
    zone: "europe-west3-a",
    machineType: "e2-standard-4",
    bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-amd64", size: 20 } },
    networkInterfaces: [{ subnetwork: String(subnetworkLink) }],
    ...inputs,
  });
  const withoutChange = { changed: [], replaces: [], deleteBeforeReplace: false };

  describe("inputs", () => {
    it("are refused where the SDK has no such input, at any depth, with the nearest that it has", async () => {
      const { failures } = await cloud.check(
        INSTANCE,
        "vm",
        machine("s", { bootDisk: { initializeParams: { imag: "x" } } }),
      );
      assert.deepEqual(failures, ["bootDisk.initializeParams.imag is not an input here; did you mean image?"]);
    });

    it("are refused where a required one is missing or a type is wrong", async () => {
      const { failures } = await cloud.check(INSTANCE, "vm", { bootDisk: {}, networkInterfaces: {}, name: 3 });
      assert.deepEqual(failures, [
        "machineType is required",
        "name must be a string, not 3",
        "networkInterfaces must be a list, not an object",
      ]);
    });

    it("may be unknown in a preview", async () => {
      const { failures } = await cloud.check(INSTANCE, "vm", machine(UNKNOWN, { name: UNKNOWN, bootDisk: UNKNOWN }));
      assert.deepEqual(failures, []);
    });

    it("get a generated name where none is given, which stays until the resource is replaced", async () => {
      const first = await cloud.check(NETWORK, "network", {});
      assert.match(String(first.inputs.name), /^network-[0-9a-f]{7}$/);
      const second = await cloud.check(NETWORK, "other", {}, first.inputs);
      assert.equal(second.inputs.name, first.inputs.name);
    });

    const refused: { token: string; inputs: PropertyMap; reason: RegExp }[] = [
      { token: NETWORK, inputs: { name: "Acme_Net" }, reason: /^name must be 1-63 lower-case letters/ },
      { token: ACCOUNT, inputs: { accountId: "vm" }, reason: /^accountId must be 6-30/ },
      { token: MEMBER, inputs: { project: "p", role: "viewer", member: "user:a@b.c" }, reason: /^role must be like/ },
      { token: MEMBER, inputs: { project: "p", role: "roles/viewer", member: "jane" }, reason: /^member must be like/ },
      { token: CLUSTER, inputs: { name: "c" }, reason: /^initialNodeCount is required, unless/ },
      { token: SECRET, inputs: { secretId: "s", replication: {} }, reason: /^replication must hold exactly one/ },
      {
        token: "gcp:dns/recordSet:RecordSet",
        inputs: { name: "rancher.example.com", type: "A", managedZone: "z", rrdatas: ["a.b."] },
        reason: /^name must end with a dot.*; rrdatas must be IPv4/,
      },
    ];
    for (const { token, inputs, reason } of refused) {
      it(`of ${token.split(":").pop()} are refused as the API does: ${reason.source}`, async () => {
        const { failures } = await cloud.check(token, "x", inputs);
        assert.match(failures.join("; "), reason);
      });
    }
  });

  describe("outputs", () => {
    it("are unknown in the preview of a creation, except what the inputs and the provider say", async () => {
      const { properties } = await cloud.create(NETWORK, "network", { name: "acme" }, true);
      assert.deepEqual(
        [properties.name, properties.project, properties.selfLink, properties.autoCreateSubnetworks],
        ["acme", "acme-platform", UNKNOWN, true],
      );
      assert.deepEqual(ledger.names(), []);
    });

    it("inside given blocks are unknown in a preview too", async () => {
      const inputs = { name: "acme", location: "europe-west3", initialNodeCount: 1 };
      const masterAuth = { clientCertificateConfig: { issueClientCertificate: false } };
      const { properties } = await cloud.create(CLUSTER, "gke", { ...inputs, masterAuth }, true);
      assert.equal((properties.masterAuth as PropertyMap).clusterCaCertificate, UNKNOWN);
    });

    it("are the same for the same resource, and other numbers for its successor", async () => {
      const first = await network();
      await cloud.delete(first);
      const second = await network();
      assert.equal(first.properties.selfLink, second.properties.selfLink);
      assert.notEqual(first.properties.networkId, second.properties.networkId);
      const again = new TestLedger();
      assert.equal((await network()).properties.networkId, first.properties.networkId);
      again.remove();
    });

    it("of an instance lead to its network and its address", async () => {
      const inside = await subnetwork();
      const address = await cloud.create(ADDRESS, "address", {});
      const natIp = String(address.properties.address);
      const networkInterfaces = [{ subnetwork: inside.id, accessConfigs: [{ natIp }] }];
      const { properties } = await cloud.create(INSTANCE, "vm", machine("", { networkInterfaces }));
      const [nic] = properties.networkInterfaces as [PropertyMap];
      assert.match(String(nic.networkIp), /^10\.0\.([0-9]|1[0-5])\./);
      assert.deepEqual(
        [nic.name, nic.network, (nic.accessConfigs as PropertyMap[])[0]?.natIp],
        ["nic0", inside.properties.network, natIp],
      );
      assert.equal(properties.currentStatus, "RUNNING");
    });

    it("are secret where the SDK says so, and where a key is made", async () => {
      const account = await cloud.create(ACCOUNT, "account", { accountId: "rancher-vm" });
      const key = await cloud.create("gcp:serviceaccount/key:Key", "key", { serviceAccountId: account.id });
      assert.deepEqual(key.wire.privateKey, secret(key.properties.privateKey as string));
      const file = JSON.parse(Buffer.from(String(key.properties.privateKey), "base64").toString()) as PropertyMap;
      assert.deepEqual([file.type, file.client_email], ["service_account", account.properties.email]);
    });
  });

  describe("changes", () => {
    it("of nothing are none, after creation, update and reading", async () => {
      const { id } = await subnetwork();
      const inputs = machine(id, { labels: { customer: "acme" }, metadata: { "enable-oslogin": "TRUE" } });
      const made = await cloud.create(INSTANCE, "vm", inputs);
      assert.deepEqual(await cloud.diff(made, inputs), withoutChange);
      const changed = { ...inputs, labels: { ring: "1" }, metadata: {} };
      const updated = await cloud.update(made, changed);
      assert.deepEqual(updated.properties.labels, { ring: "1" });
      assert.deepEqual(await cloud.diff(updated, changed), withoutChange);
      const read = await cloud.read(updated);
      assert.deepEqual(read?.properties, updated.properties);
      assert.deepEqual(read?.inputs, updated.inputs);
    });

    it("keep what was computed in the preview of an update", async () => {
      const { id } = await subnetwork();
      const made = await cloud.create(INSTANCE, "vm", machine(id));
      const planned = await cloud.update(made, machine(id, { metadata: { a: "b" } }), true);
      assert.deepEqual(planned.properties, { ...made.properties, metadata: { a: "b" } });
    });

    it("of a field that is not asked for any more empty it, unless the cloud computes it", async () => {
      const { id } = await subnetwork();
      const asked = { metadata: { a: "b" }, description: "Rancher", minCpuPlatform: "Intel Cascade Lake" };
      const made = await cloud.create(INSTANCE, "vm", machine(id, asked));
      assert.deepEqual((await cloud.diff(made, machine(id))).changed.sort(), ["description", "metadata"]);
      const { properties } = await cloud.update(made, machine(id));
      assert.deepEqual(
        [properties.metadata, properties.description, properties.minCpuPlatform],
        [undefined, undefined, "Intel Cascade Lake"],
      );
    });

    it("between links and ids of the same thing, and in the order of plain values, are none", async () => {
      const inside = await subnetwork();
      const made = await cloud.create(INSTANCE, "vm", machine(inside.id, { tags: ["a", "b"] }));
      assert.deepEqual(
        await cloud.diff(made, machine(inside.properties.selfLink, { tags: ["b", "a"] })),
        withoutChange,
      );
    });

    const table: { what: string; token: string; from: PropertyMap; to: PropertyMap; replaces: string[] }[] = [
      { what: "a disk that grows", token: DISK, from: { size: 50 }, to: { size: 60 }, replaces: [] },
      { what: "a disk that shrinks", token: DISK, from: { size: 50 }, to: { size: 40 }, replaces: ["size"] },
      { what: "a disk's type", token: DISK, from: { type: "pd-ssd" }, to: { type: "pd-balanced" }, replaces: ["type"] },
      { what: "a disk's labels", token: DISK, from: { labels: { a: "b" } }, to: { labels: {} }, replaces: [] },
      {
        what: "a network's description",
        token: NETWORK,
        from: { description: "a" },
        to: { description: "b" },
        replaces: ["description"],
      },
      {
        what: "a key ring's place",
        token: KEY_RING,
        from: { location: "europe-west3" },
        to: { location: "global" },
        replaces: ["location"],
      },
    ];
    for (const { what, token, from, to, replaces } of table) {
      it(`${what}: ${replaces.length > 0 ? "replaced" : "in place"}`, async () => {
        const shared: PropertyMap = { name: "x", ...(token === DISK ? { zone: "europe-west3-a" } : {}) };
        const made = await cloud.create(token, "x", { ...shared, ...from });
        const { changed, ...answer } = await cloud.diff(made, { ...shared, ...to });
        assert.equal(changed.length, 1);
        assert.deepEqual(answer.replaces, replaces);
      });
    }

    it("of an instance: metadata and machine type in place, boot image and start-up script by replacement", async () => {
      const { id } = await subnetwork();
      const made = await cloud.create(INSTANCE, "vm", machine(id, { metadata: { "user-data": "a" } }));
      const replaces = async (inputs: PropertyMap) => (await cloud.diff(made, machine(id, inputs))).replaces;
      const same = { metadata: { "user-data": "a" } };
      assert.deepEqual(await replaces({ metadata: { "user-data": "b" } }), []);
      assert.deepEqual(await replaces({ ...same, machineType: "e2-standard-8" }), []);
      assert.deepEqual(await replaces({ ...same, metadataStartupScript: "true" }), ["metadataStartupScript"]);
      assert.deepEqual(await replaces({ ...same, bootDisk: { initializeParams: { image: "x", size: 20 } } }), [
        "bootDisk",
      ]);
      assert.deepEqual(await replaces({ ...same, zone: "europe-west3-b" }), ["zone"]);
    });

    it("of a subnet's range: it grows in place and does not shrink", async () => {
      const made = await subnetwork();
      const to = async (ipCidrRange: string) =>
        (await cloud.diff(made, { ...made.inputs, network: String(made.inputs.network), ipCidrRange })).replaces;
      assert.deepEqual(await to("10.0.0.0/19"), []);
      assert.deepEqual(await to("10.0.0.0/24"), ["ipCidrRange"]);
      assert.deepEqual(await to("10.9.0.0/20"), ["ipCidrRange"]);
    });

    it("that replace a resource of a fixed name delete it first, one of a generated name last", async () => {
      const fixed = await cloud.create(NETWORK, "network", { name: "acme", description: "a" });
      assert.equal((await cloud.diff(fixed, { name: "acme", description: "b" })).deleteBeforeReplace, true);
      assert.equal((await cloud.diff(fixed, { name: "other", description: "b" })).deleteBeforeReplace, false);
      const generated = await cloud.create(NETWORK, "network", { description: "a" });
      assert.equal((await cloud.diff(generated, { description: "b" })).deleteBeforeReplace, false);
    });

    it("by somebody else show when the ledger is read", async () => {
      const made = await cloud.create(DISK, "disk", { name: "data", zone: "europe-west3-a", size: 50 });
      await ledger.change(({ resources }) => {
        for (const entry of resources) entry.properties.size = 80;
      });
      const read = await cloud.read(made);
      assert.equal(read?.properties.size, 80);
      assert.equal(read?.inputs.size, 80);
      assert.deepEqual((await cloud.diff(read as Remembered, made.inputs)).changed, ["size"]);
      await ledger.change((content) => {
        content.resources = [];
      });
      assert.equal(await cloud.read(made), undefined);
    });

    it("of the machine type need leave to stop the instance", async () => {
      const { id } = await subnetwork();
      const made = await cloud.create(INSTANCE, "vm", machine(id));
      const bigger = machine(id, { machineType: "e2-standard-8" });
      await assert.rejects(
        cloud.update(made, bigger),
        /changing machineType on a started instance requires stopping it/,
      );
      await cloud.update(made, { ...bigger, allowStoppingForUpdate: true });
    });
  });

  describe("imports", () => {
    it("find a resource by its id, with the inputs that lead to it", async () => {
      const made = await network();
      const imported = await cloud.import(NETWORK, made.id);
      assert.deepEqual(imported?.properties, made.properties);
      assert.deepEqual(await cloud.diff(imported as Remembered, made.inputs), withoutChange);
    });

    it("say that there is no such resource", async () => {
      await assert.rejects(
        cloud.import(NETWORK, "projects/p/global/networks/x"),
        /Error 404: The network '.*' was not/,
      );
    });
  });

  describe("refusals", () => {
    it("a name that is taken", async () => {
      await network();
      await assert.rejects(
        network(),
        /Error 409: The resource 'projects\/acme-platform\/global\/networks\/acme' already/,
      );
    });

    it("a subnet whose range overlaps another's of the network", async () => {
      const { properties } = await subnetwork({
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.20.0.0/16" }],
      });
      const other = (ipCidrRange: string) =>
        cloud.create(SUBNETWORK, "other", { network: properties.network as string, ipCidrRange });
      await assert.rejects(
        other("10.0.8.0/24"),
        /Invalid IPCidrRange: 10\.0\.8\.0\/24 conflicts with existing subnetwork/,
      );
      await assert.rejects(other("10.20.1.0/24"), /conflicts with existing subnetwork/);
      await other("10.0.16.0/20");
    });

    it("a network that has a subnet, a subnet that has an instance", async () => {
      const inside = await subnetwork();
      const vm = await cloud.create(INSTANCE, "vm", machine(inside.id));
      const found = await cloud.import(NETWORK, String(inside.properties.network));
      await assert.rejects(cloud.delete(found as Remembered), /network '.*' is already being used by the subnetwork/);
      await assert.rejects(cloud.delete(inside), /subnetwork '.*' is already being used by the instance/);
      for (const resource of [vm, inside, found as Remembered]) await cloud.delete(resource);
      assert.deepEqual(ledger.names(), []);
    });

    it("an address in use: for a second instance, and for its deletion", async () => {
      const { id } = await subnetwork();
      const address = await cloud.create(ADDRESS, "address", {});
      const accessConfigs = [{ natIp: String(address.properties.address) }];
      const networkInterfaces = [{ subnetwork: id, accessConfigs }];
      await cloud.create(INSTANCE, "vm", machine(id, { networkInterfaces }));
      const second = cloud.create(INSTANCE, "vm2", machine(id, { name: "second", networkInterfaces }));
      await assert.rejects(second, /Error 400: External IP address: .* is already in-use by the instance/);
      await assert.rejects(cloud.delete(address), /address '.*' is already being used by the instance/);
    });

    it("a disk that is attached: to a second instance, and for its deletion", async () => {
      const { id } = await subnetwork();
      const disk = await cloud.create(DISK, "data", { name: "data", zone: "europe-west3-a" });
      const attachedDisks = [{ source: disk.id }];
      await cloud.create(INSTANCE, "vm", machine(id, { attachedDisks }));
      const second = cloud.create(INSTANCE, "vm2", machine(id, { name: "second", attachedDisks }));
      await assert.rejects(second, /disk '.*' is already being used by the instance/);
      await assert.rejects(cloud.delete(disk), /disk '.*' is already being used by the instance/);
    });

    it("a service account that does not exist, on an instance and in a role; Google's own do", async () => {
      const { id } = await subnetwork();
      const email = "nobody@acme-platform.iam.gserviceaccount.com";
      const account = { email, scopes: ["cloud-platform"] };
      const vm = cloud.create(INSTANCE, "vm", machine(id, { serviceAccount: account }));
      await assert.rejects(vm, /Error 404: The account 'nobody@.*' was not found/);
      const grant = (member: string) =>
        cloud.create(MEMBER, "grant", { project: "acme-platform", role: "roles/viewer", member });
      await assert.rejects(grant(`serviceAccount:${email}`), /Error 404/);
      await grant("serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com");
      await grant("user:jane@example.com");
    });

    it("an instance, a cluster and a secret that are protected against deletion, until they are not", async () => {
      const { id } = await subnetwork();
      const inputs = machine(id, { deletionProtection: true });
      const vm = await cloud.create(INSTANCE, "vm", inputs);
      await assert.rejects(cloud.delete(vm), /protected against deletion/);
      await cloud.delete(await cloud.update(vm, { ...inputs, deletionProtection: false }));
      const gke = await cloud.create(CLUSTER, "gke", { name: "acme", location: "europe-west3", initialNodeCount: 1 });
      await assert.rejects(cloud.delete(gke), /deletionProtection is set to true/);
    });

    it("an attachment to a snapshot schedule keeps the schedule, and goes with the disk", async () => {
      const disk = await cloud.create(DISK, "data", { name: "data", zone: "europe-west3-a" });
      const schedule = { dailySchedule: { daysInCycle: 1, startTime: "01:00" } };
      const policy = await cloud.create("gcp:compute/resourcePolicy:ResourcePolicy", "daily", {
        snapshotSchedulePolicy: { schedule },
      });
      const token = "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment";
      const name = String(policy.properties.name);
      await cloud.create(token, "attachment", { name, disk: "data", zone: "europe-west3-a" });
      await assert.rejects(cloud.delete(policy), /resource policy '.*' is already being used/);
      await cloud.delete(disk);
      await cloud.delete(policy);
      assert.deepEqual(ledger.names(), []);
    });

    it("the name of a key that was deleted: keys never go away", async () => {
      const ring = await cloud.create(KEY_RING, "ring", { name: "acme", location: "europe-west3" });
      const key = await cloud.create(CRYPTO_KEY, "key", { name: "gke", keyRing: ring.id });
      await cloud.delete(key);
      await cloud.delete(ring);
      assert.deepEqual(ledger.names(), []);
      const again = cloud.create(KEY_RING, "ring", { name: "acme", location: "europe-west3" });
      await assert.rejects(again, /Error 409: The resource '.*keyRings\/acme' already exists/);
    });

    it("an instance whose deletionPolicy says so", async () => {
      const vm = await cloud.create(NETWORK, "network", { deletionPolicy: "PREVENT" });
      await assert.rejects(cloud.delete(vm), /its deletionPolicy is PREVENT/);
    });
  });

  describe("GKE", () => {
    const inputs: PropertyMap = {
      name: "acme",
      location: "europe-west3",
      initialNodeCount: 1,
      removeDefaultNodePool: true,
      deletionProtection: false,
      minMasterVersion: "1.34",
    };

    it("takes its node pools along", async () => {
      const gke = await cloud.create(CLUSTER, "gke", inputs);
      const pool = await cloud.create(POOL, "nodes", { cluster: gke.id, location: "europe-west3", nodeCount: 1 });
      assert.match(pool.id, /\/clusters\/acme\/nodePools\/nodes-[0-9a-f]{7}$/);
      assert.equal(pool.properties.version, gke.properties.masterVersion);
      await cloud.delete(gke);
      assert.deepEqual(ledger.names(), []);
      assert.deepEqual(
        ledger.journal().map(({ operation }) => operation),
        ["create", "create", "lose", "delete"],
      );
      await cloud.delete(pool);
    });

    it("goes up one minor version at a time, never down, and only to one that it has", async () => {
      const gke = await cloud.create(CLUSTER, "gke", inputs);
      assert.match(String(gke.properties.masterVersion), /^1\.34\./);
      const to = (minMasterVersion: string) => cloud.update(gke, { ...inputs, minMasterVersion });
      await assert.rejects(to("1.36"), /upgraded one minor version at a time/);
      await assert.rejects(to("1.33"), /cannot be downgraded/);
      await assert.rejects(to("1.21"), /Master version "1\.21" is unsupported/);
      assert.match(String((await to("1.35")).properties.masterVersion), /^1\.35\./);
    });

    it("encrypts only with a key that its service agent may use", async () => {
      const ring = await cloud.create(KEY_RING, "ring", { location: "europe-west3" });
      const key = await cloud.create(CRYPTO_KEY, "key", { keyRing: ring.id });
      const encrypted = { ...inputs, databaseEncryption: { state: "ENCRYPTED", keyName: key.id } };
      await assert.rejects(cloud.create(CLUSTER, "gke", encrypted), /permission cloudkms\..* denied for service-/);
      const { number } = await cloud.invoke("gcp:organizations/getProject:getProject", { projectId: "acme-platform" });
      const member = `serviceAccount:service-${String(number)}@container-engine-robot.iam.gserviceaccount.com`;
      const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
      await cloud.create(KEY_MEMBER, "grant", { cryptoKeyId: key.id, role, member });
      await cloud.create(CLUSTER, "gke", encrypted);
    });

    it("finds its pods' range in the subnet", async () => {
      const { id } = await subnetwork({ secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.20.0.0/16" }] });
      const on = (range: string): PropertyMap => ({
        ...inputs,
        ...{ subnetwork: id, ipAllocationPolicy: { clusterSecondaryRangeName: range } },
        network: "projects/acme-platform/global/networks/acme",
      });
      await assert.rejects(
        cloud.create(CLUSTER, "gke", on("pod")),
        /secondary range "pod" does not exist in subnetwork/,
      );
      await cloud.create(CLUSTER, "gke", on("pods"));
    });

    it("is replaced by what the official provider replaces it by, and by nothing else", async () => {
      const gke = await cloud.create(CLUSTER, "gke", inputs);
      const replaces = async (changes: PropertyMap) => (await cloud.diff(gke, { ...inputs, ...changes })).replaces;
      assert.deepEqual(await replaces({ location: "europe-west4" }), ["location"]);
      assert.deepEqual(await replaces({ datapathProvider: "ADVANCED_DATAPATH" }), ["datapathProvider"]);
      assert.deepEqual(await replaces({ privateClusterConfig: { masterIpv4CidrBlock: "172.16.0.0/28" } }), [
        "privateClusterConfig",
      ]);
      assert.deepEqual(await replaces({ releaseChannel: { channel: "STABLE" }, resourceLabels: { a: "b" } }), []);
      assert.deepEqual(
        await replaces({ masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "192.0.2.0/24" }] } }),
        [],
      );
    });
  });

  describe("secrets", () => {
    it("count their versions, and a new value is a new version", async () => {
      const made = await cloud.create(SECRET, "secret", { secretId: "bootstrap", replication: { auto: {} } });
      const first = await cloud.create(SECRET_VERSION, "version", { secret: made.id, secretData: "one" });
      assert.match(first.id, /^projects\/[0-9]{12}\/secrets\/bootstrap\/versions\/1$/);
      assert.deepEqual(first.wire.secretData, secret("one"));
      const answer = await cloud.diff(first, { secret: made.id, secretData: "two" });
      assert.deepEqual([answer.replaces, answer.deleteBeforeReplace], [["secretData"], false]);
      const second = await cloud.create(SECRET_VERSION, "version", { secret: made.id, secretData: "two" });
      assert.equal(second.properties.version, "2");
    });
  });

  describe("functions", () => {
    it("answer for what the ledger has, in the types of the SDK", async () => {
      const made = await network();
      const found = await cloud.invoke("gcp:compute/getNetwork:getNetwork", { name: "acme" });
      assert.equal(found.id, made.id);
      const missing = cloud.invoke("gcp:compute/getNetwork:getNetwork", { name: "other" });
      await assert.rejects(missing, /Error 404: The resource 'projects\/acme-platform\/global\/networks\/other'/);
      await assert.rejects(cloud.invoke("gcp:compute/getNetwork:getNetwork", { nam: "x" }), /nam is not an input here/);
    });
  });

  it("meets the faults that were ordered, and nothing is doubled afterwards", async () => {
    ledger.order({ type: NETWORK, name: "network", operation: "create", error: "quota exceeded", times: 1 });
    await assert.rejects(network(), /^Error: quota exceeded$/);
    assert.deepEqual(ledger.names(), []);
    const made = await network();
    ledger.order({ type: NETWORK, name: "acme", operation: "delete", error: "backend error", times: 1 });
    await assert.rejects(cloud.delete(made), /backend error/);
    assert.deepEqual(ledger.names(), ["Network network"]);
    await cloud.delete(made);
    assert.deepEqual(ledger.names(), []);
  });
});
