import assert from "node:assert/strict";
import type { PropertyMap } from "../../../../stand-ins/plugin/property-values";
import { CLUSTER, CRYPTO_KEY, GoogleCloud, KEY_MEMBER, KEY_RING, POOL } from "./google-cloud";

describe("stand-in for GKE", () => {
  const google = GoogleCloud.forEachTest();

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
      const gke = await google.client.create(CLUSTER, "gke", inputs);
      const pool = await google.client.create(POOL, "nodes", {
        cluster: gke.id,
        location: "europe-west3",
        nodeCount: 1,
      });
      assert.match(pool.id, /\/clusters\/acme\/nodePools\/nodes-[0-9a-f]{7}$/);
      assert.equal(pool.properties.version, gke.properties.masterVersion);
      await google.client.delete(gke);
      assert.deepEqual(google.ledger.names(), []);
      assert.deepEqual(
        google.ledger.journal().map(({ operation }) => operation),
        ["create", "create", "lose", "delete"],
      );
      await google.client.delete(pool);
    });

    it("goes up one minor version at a time, never down, and only to one that it has", async () => {
      const gke = await google.client.create(CLUSTER, "gke", inputs);
      assert.match(String(gke.properties.masterVersion), /^1\.34\./);
      const to = (minMasterVersion: string) => google.client.update(gke, { ...inputs, minMasterVersion });
      await assert.rejects(to("1.36"), /upgraded one minor version at a time/);
      await assert.rejects(to("1.33"), /cannot be downgraded/);
      await assert.rejects(to("1.21"), /Master version "1\.21" is unsupported/);
      assert.match(String((await to("1.35")).properties.masterVersion), /^1\.35\./);
    });

    it("encrypts only with a key that its service agent may use", async () => {
      const ring = await google.client.create(KEY_RING, "ring", { location: "europe-west3" });
      const key = await google.client.create(CRYPTO_KEY, "key", { keyRing: ring.id });
      const encrypted = { ...inputs, databaseEncryption: { state: "ENCRYPTED", keyName: key.id } };
      await assert.rejects(
        google.client.create(CLUSTER, "gke", encrypted),
        /permission cloudkms\..* denied for service-/,
      );
      const { number } = await google.client.invoke("gcp:organizations/getProject:getProject", {
        projectId: "acme-platform",
      });
      const member = `serviceAccount:service-${String(number)}@container-engine-robot.iam.gserviceaccount.com`;
      const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
      await google.client.create(KEY_MEMBER, "grant", { cryptoKeyId: key.id, role, member });
      await google.client.create(CLUSTER, "gke", encrypted);
    });

    it("finds its pods' range in the subnet", async () => {
      const { id } = await google.subnetwork({
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.20.0.0/16" }],
      });
      const on = (range: string): PropertyMap => ({
        ...inputs,
        ...{ subnetwork: id, ipAllocationPolicy: { clusterSecondaryRangeName: range } },
        network: "projects/acme-platform/global/networks/acme",
      });
      await assert.rejects(
        google.client.create(CLUSTER, "gke", on("pod")),
        /secondary range "pod" does not exist in subnetwork/,
      );
      await google.client.create(CLUSTER, "gke", on("pods"));
    });

    it("is replaced by what the official provider replaces it by, and by nothing else", async () => {
      const gke = await google.client.create(CLUSTER, "gke", inputs);
      const replaces = async (changes: PropertyMap) =>
        (await google.client.diff(gke, { ...inputs, ...changes })).replaces;
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
});
