import assert from "node:assert/strict";
import type { Remembered } from "../../../support/clouds/cloud-client";
import {
  ADDRESS,
  CLUSTER,
  CRYPTO_KEY,
  DISK,
  GoogleCloud,
  INSTANCE,
  KEY_RING,
  MEMBER,
  machine,
  NETWORK,
  SUBNETWORK,
} from "./google-cloud";

describe("refusals of the stand-in for Google Cloud", () => {
  const google = GoogleCloud.forEachTest();

  describe("refusals", () => {
    it("a name that is taken", async () => {
      await google.network();
      await assert.rejects(
        google.network(),
        /Error 409: The resource 'projects\/acme-platform\/global\/networks\/acme' already/,
      );
    });

    it("a subnet whose range overlaps another's of the network", async () => {
      const { properties } = await google.subnetwork({
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.20.0.0/16" }],
      });
      const other = (ipCidrRange: string) =>
        google.client.create(SUBNETWORK, "other", { network: properties.network as string, ipCidrRange });
      await assert.rejects(
        other("10.0.8.0/24"),
        /Invalid IPCidrRange: 10\.0\.8\.0\/24 conflicts with existing subnetwork/,
      );
      await assert.rejects(other("10.20.1.0/24"), /conflicts with existing subnetwork/);
      await other("10.0.16.0/20");
    });

    it("a network that has a subnet, a subnet that has an instance", async () => {
      const inside = await google.subnetwork();
      const vm = await google.client.create(INSTANCE, "vm", machine(inside.id));
      const found = await google.client.import(NETWORK, String(inside.properties.network));
      await assert.rejects(
        google.client.delete(found as Remembered),
        /network '.*' is already being used by the subnetwork/,
      );
      await assert.rejects(google.client.delete(inside), /subnetwork '.*' is already being used by the instance/);
      for (const resource of [vm, inside, found as Remembered]) await google.client.delete(resource);
      assert.deepEqual(google.ledger.names(), []);
    });

    it("an address in use: for a second instance, and for its deletion", async () => {
      const { id } = await google.subnetwork();
      const address = await google.client.create(ADDRESS, "address", {});
      const accessConfigs = [{ natIp: String(address.properties.address) }];
      const networkInterfaces = [{ subnetwork: id, accessConfigs }];
      await google.client.create(INSTANCE, "vm", machine(id, { networkInterfaces }));
      const second = google.client.create(INSTANCE, "vm2", machine(id, { name: "second", networkInterfaces }));
      await assert.rejects(second, /Error 400: External IP address: .* is already in-use by the instance/);
      await assert.rejects(google.client.delete(address), /address '.*' is already being used by the instance/);
    });

    it("a disk that is attached, to a second instance; its deletion takes it from the first", async () => {
      const { id } = await google.subnetwork();
      const disk = await google.client.create(DISK, "data", { name: "data", zone: "europe-west3-a" });
      const attachedDisks = [{ source: disk.id }];
      const first = await google.client.create(INSTANCE, "vm", machine(id, { attachedDisks }));
      const second = google.client.create(INSTANCE, "vm2", machine(id, { name: "second", attachedDisks }));
      await assert.rejects(second, /disk '.*' is already being used by the instance/);
      await google.client.delete(disk);
      assert.deepEqual((await google.client.read(first))?.properties.attachedDisks, []);
    });

    it("a service account that does not exist, on an instance and in a role; Google's own do", async () => {
      const { id } = await google.subnetwork();
      const email = "nobody@acme-platform.iam.gserviceaccount.com";
      const account = { email, scopes: ["cloud-platform"] };
      const vm = google.client.create(INSTANCE, "vm", machine(id, { serviceAccount: account }));
      await assert.rejects(vm, /Error 404: The account 'nobody@.*' was not found/);
      const grant = (member: string) =>
        google.client.create(MEMBER, "grant", { project: "acme-platform", role: "roles/viewer", member });
      await assert.rejects(grant(`serviceAccount:${email}`), /Error 404/);
      await grant("serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com");
      await grant("user:jane@example.com");
    });

    it("an instance, a cluster and a secret that are protected against deletion, until they are not", async () => {
      const { id } = await google.subnetwork();
      const inputs = machine(id, { deletionProtection: true });
      const vm = await google.client.create(INSTANCE, "vm", inputs);
      await assert.rejects(google.client.delete(vm), /protected against deletion/);
      await google.client.delete(await google.client.update(vm, { ...inputs, deletionProtection: false }));
      const gke = await google.client.create(CLUSTER, "gke", {
        name: "acme",
        location: "europe-west3",
        initialNodeCount: 1,
      });
      await assert.rejects(google.client.delete(gke), /deletionProtection is set to true/);
    });

    it("an attachment to a snapshot schedule keeps the schedule, and goes with the disk", async () => {
      const disk = await google.client.create(DISK, "data", { name: "data", zone: "europe-west3-a" });
      const schedule = { dailySchedule: { daysInCycle: 1, startTime: "01:00" } };
      const policy = await google.client.create("gcp:compute/resourcePolicy:ResourcePolicy", "daily", {
        snapshotSchedulePolicy: { schedule },
      });
      const token = "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment";
      const name = String(policy.properties.name);
      await google.client.create(token, "attachment", { name, disk: "data", zone: "europe-west3-a" });
      await assert.rejects(google.client.delete(policy), /resource policy '.*' is already being used/);
      await google.client.delete(disk);
      await google.client.delete(policy);
      assert.deepEqual(google.ledger.names(), []);
    });

    it("the name of a key that was deleted: keys never go away", async () => {
      const ring = await google.client.create(KEY_RING, "ring", { name: "acme", location: "europe-west3" });
      const key = await google.client.create(CRYPTO_KEY, "key", { name: "gke", keyRing: ring.id });
      await google.client.delete(key);
      await google.client.delete(ring);
      assert.deepEqual(google.ledger.names(), []);
      const again = google.client.create(KEY_RING, "ring", { name: "acme", location: "europe-west3" });
      await assert.rejects(again, /Error 409: The resource '.*keyRings\/acme' already exists/);
    });

    it("an instance whose deletionPolicy says so", async () => {
      const vm = await google.client.create(NETWORK, "network", { deletionPolicy: "PREVENT" });
      await assert.rejects(google.client.delete(vm), /its deletionPolicy is PREVENT/);
    });
  });
});
