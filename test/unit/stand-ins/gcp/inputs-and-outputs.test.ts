import assert from "node:assert/strict";
import { type PropertyMap, secret, UNKNOWN } from "../../../../stand-ins/plugin/property-values";
import { TestLedger } from "../../../support/clouds/cloud-client";
import { ACCOUNT, ADDRESS, CLUSTER, GoogleCloud, INSTANCE, MEMBER, machine, NETWORK, SECRET } from "./google-cloud";

describe("inputs and outputs of the stand-in for Google Cloud", () => {
  const google = GoogleCloud.forEachTest();

  describe("inputs", () => {
    it("are refused where the SDK has no such input, at any depth, with the nearest that it has", async () => {
      const { failures } = await google.client.check(
        INSTANCE,
        "vm",
        machine("s", { bootDisk: { initializeParams: { imag: "x" } } }),
      );
      assert.deepEqual(failures, ["bootDisk.initializeParams.imag is not an input here; did you mean image?"]);
    });

    it("are refused where a required one is missing or a type is wrong", async () => {
      const { failures } = await google.client.check(INSTANCE, "vm", { bootDisk: {}, networkInterfaces: {}, name: 3 });
      assert.deepEqual(failures, [
        "machineType is required",
        "name must be a string, not 3",
        "networkInterfaces must be a list, not an object",
      ]);
    });

    it("may be unknown in a preview", async () => {
      const { failures } = await google.client.check(
        INSTANCE,
        "vm",
        machine(UNKNOWN, { name: UNKNOWN, bootDisk: UNKNOWN }),
      );
      assert.deepEqual(failures, []);
    });

    it("get a generated name where none is given, which stays until the resource is replaced", async () => {
      const first = await google.client.check(NETWORK, "network", {});
      assert.match(String(first.inputs.name), /^network-[0-9a-f]{7}$/);
      const second = await google.client.check(NETWORK, "other", {}, first.inputs);
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
        const { failures } = await google.client.check(token, "x", inputs);
        assert.match(failures.join("; "), reason);
      });
    }
  });

  describe("outputs", () => {
    it("are unknown in the preview of a creation, except what the inputs and the provider say", async () => {
      const { properties } = await google.client.create(NETWORK, "network", { name: "acme" }, true);
      assert.deepEqual(
        [properties.name, properties.project, properties.selfLink, properties.autoCreateSubnetworks],
        ["acme", "acme-platform", UNKNOWN, true],
      );
      assert.deepEqual(google.ledger.names(), []);
    });

    it("inside given blocks are unknown in a preview too", async () => {
      const inputs = { name: "acme", location: "europe-west3", initialNodeCount: 1 };
      const masterAuth = { clientCertificateConfig: { issueClientCertificate: false } };
      const { properties } = await google.client.create(CLUSTER, "gke", { ...inputs, masterAuth }, true);
      assert.equal((properties.masterAuth as PropertyMap).clusterCaCertificate, UNKNOWN);
    });

    it("are the same for the same resource, and other numbers for its successor", async () => {
      const first = await google.network();
      await google.client.delete(first);
      const second = await google.network();
      assert.equal(first.properties.selfLink, second.properties.selfLink);
      assert.notEqual(first.properties.networkId, second.properties.networkId);
      const again = new TestLedger();
      assert.equal((await google.network()).properties.networkId, first.properties.networkId);
      again.remove();
    });

    it("of an instance lead to its network and its address", async () => {
      const inside = await google.subnetwork();
      const address = await google.client.create(ADDRESS, "address", {});
      const natIp = String(address.properties.address);
      const networkInterfaces = [{ subnetwork: inside.id, accessConfigs: [{ natIp }] }];
      const { properties } = await google.client.create(INSTANCE, "vm", machine("", { networkInterfaces }));
      const [nic] = properties.networkInterfaces as [PropertyMap];
      assert.match(String(nic.networkIp), /^10\.0\.([0-9]|1[0-5])\./);
      assert.deepEqual(
        [nic.name, nic.network, (nic.accessConfigs as PropertyMap[])[0]?.natIp],
        ["nic0", inside.properties.network, natIp],
      );
      assert.equal(properties.currentStatus, "RUNNING");
    });

    it("are secret where the SDK says so, and where a key is made", async () => {
      const account = await google.client.create(ACCOUNT, "account", { accountId: "rancher-vm" });
      const key = await google.client.create("gcp:serviceaccount/key:Key", "key", { serviceAccountId: account.id });
      assert.deepEqual(key.wire.privateKey, secret(key.properties.privateKey as string));
      const file = JSON.parse(Buffer.from(String(key.properties.privateKey), "base64").toString()) as PropertyMap;
      assert.deepEqual([file.type, file.client_email], ["service_account", account.properties.email]);
    });
  });

  describe("functions", () => {
    it("answer in the types of the SDK, and refuse what the API would", async () => {
      const getProject = (args: PropertyMap) => google.client.invoke("gcp:organizations/getProject:getProject", args);
      const { number, projectId } = await getProject({ projectId: "acme-platform" });
      assert.equal(projectId, "acme-platform");
      assert.match(String(number), /^[0-9]{12}$/);
      await assert.rejects(getProject({ projectId: "Acme" }), /Error 403: the project "Acme" does not exist/);
      await assert.rejects(getProject({ projectID: "x" }), /projectID is not an input here/);
    });
  });
});
