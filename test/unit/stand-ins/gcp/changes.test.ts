import assert from "node:assert/strict";
import { type PropertyMap, secret } from "../../../../stand-ins/plugin/property-values";
import type { Remembered } from "../../../support/clouds/cloud-client";
import {
  DISK,
  GoogleCloud,
  INSTANCE,
  KEY_RING,
  machine,
  NETWORK,
  SECRET,
  SECRET_VERSION,
  withoutChange,
} from "./google-cloud";

describe("changes in the stand-in for Google Cloud", () => {
  const google = GoogleCloud.forEachTest();

  describe("changes", () => {
    it("of nothing are none, after creation, update and reading", async () => {
      const { id } = await google.subnetwork();
      const inputs = machine(id, { labels: { customer: "acme" }, metadata: { "enable-oslogin": "TRUE" } });
      const made = await google.client.create(INSTANCE, "vm", inputs);
      assert.deepEqual(await google.client.diff(made, inputs), withoutChange);
      const changed = { ...inputs, labels: { ring: "1" }, metadata: {} };
      const updated = await google.client.update(made, changed);
      assert.deepEqual(updated.properties.labels, { ring: "1" });
      assert.deepEqual(await google.client.diff(updated, changed), withoutChange);
      const read = await google.client.read(updated);
      assert.deepEqual(read?.properties, updated.properties);
      assert.deepEqual(read?.inputs, updated.inputs);
    });

    it("keep what was computed in the preview of an update", async () => {
      const { id } = await google.subnetwork();
      const made = await google.client.create(INSTANCE, "vm", machine(id));
      const planned = await google.client.update(made, machine(id, { metadata: { a: "b" } }), true);
      assert.deepEqual(planned.properties, { ...made.properties, metadata: { a: "b" } });
    });

    it("of a field that is not asked for any more empty it, unless the cloud computes it", async () => {
      const { id } = await google.subnetwork();
      const asked = { metadata: { a: "b" }, description: "Rancher", minCpuPlatform: "Intel Cascade Lake" };
      const made = await google.client.create(INSTANCE, "vm", machine(id, asked));
      assert.deepEqual((await google.client.diff(made, machine(id))).changed.sort(), ["description", "metadata"]);
      const { properties } = await google.client.update(made, machine(id));
      assert.deepEqual(
        [properties.metadata, properties.description, properties.minCpuPlatform],
        [undefined, undefined, "Intel Cascade Lake"],
      );
    });

    it("between links and ids of the same thing, and in the order of plain values, are none", async () => {
      const inside = await google.subnetwork();
      const made = await google.client.create(INSTANCE, "vm", machine(inside.id, { tags: ["a", "b"] }));
      assert.deepEqual(
        await google.client.diff(made, machine(inside.properties.selfLink, { tags: ["b", "a"] })),
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
        const made = await google.client.create(token, "x", { ...shared, ...from });
        const { changed, ...answer } = await google.client.diff(made, { ...shared, ...to });
        assert.equal(changed.length, 1);
        assert.deepEqual(answer.replaces, replaces);
      });
    }

    it("of an instance: metadata and machine type in place, boot image and start-up script by replacement", async () => {
      const { id } = await google.subnetwork();
      const made = await google.client.create(INSTANCE, "vm", machine(id, { metadata: { "user-data": "a" } }));
      const replaces = async (inputs: PropertyMap) => (await google.client.diff(made, machine(id, inputs))).replaces;
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
      const made = await google.subnetwork();
      const to = async (ipCidrRange: string) =>
        (await google.client.diff(made, { ...made.inputs, network: String(made.inputs.network), ipCidrRange }))
          .replaces;
      assert.deepEqual(await to("10.0.0.0/19"), []);
      assert.deepEqual(await to("10.0.0.0/24"), ["ipCidrRange"]);
      assert.deepEqual(await to("10.9.0.0/20"), ["ipCidrRange"]);
    });

    it("that replace a resource of a fixed name delete it first, one of a generated name last", async () => {
      const fixed = await google.client.create(NETWORK, "network", { name: "acme", description: "a" });
      assert.equal((await google.client.diff(fixed, { name: "acme", description: "b" })).deleteBeforeReplace, true);
      assert.equal((await google.client.diff(fixed, { name: "other", description: "b" })).deleteBeforeReplace, false);
      const generated = await google.client.create(NETWORK, "network", { description: "a" });
      assert.equal((await google.client.diff(generated, { description: "b" })).deleteBeforeReplace, false);
    });

    it("by somebody else show when the ledger is read", async () => {
      const made = await google.client.create(DISK, "disk", { name: "data", zone: "europe-west3-a", size: 50 });
      await google.ledger.change(({ resources }) => {
        for (const entry of resources) entry.properties.size = 80;
      });
      const read = await google.client.read(made);
      assert.equal(read?.properties.size, 80);
      assert.equal(read?.inputs.size, 80);
      assert.deepEqual((await google.client.diff(read as Remembered, made.inputs)).changed, ["size"]);
      await google.ledger.change((content) => {
        content.resources = [];
      });
      assert.equal(await google.client.read(made), undefined);
    });

    it("of the machine type need leave to stop the instance", async () => {
      const { id } = await google.subnetwork();
      const made = await google.client.create(INSTANCE, "vm", machine(id));
      const bigger = machine(id, { machineType: "e2-standard-8" });
      await assert.rejects(
        google.client.update(made, bigger),
        /changing machineType on a started instance requires stopping it/,
      );
      await google.client.update(made, { ...bigger, allowStoppingForUpdate: true });
    });
  });

  describe("imports", () => {
    it("find a resource by its id, with the inputs that lead to it", async () => {
      const made = await google.network();
      const imported = await google.client.import(NETWORK, made.id);
      assert.deepEqual(imported?.properties, made.properties);
      assert.deepEqual(await google.client.diff(imported as Remembered, made.inputs), withoutChange);
    });

    it("say that there is no such resource", async () => {
      await assert.rejects(
        google.client.import(NETWORK, "projects/p/global/networks/x"),
        /Error 404: The network '.*' was not/,
      );
    });
  });

  describe("secrets", () => {
    it("count their versions, and a new value is a new version", async () => {
      const made = await google.client.create(SECRET, "secret", { secretId: "bootstrap", replication: { auto: {} } });
      const first = await google.client.create(SECRET_VERSION, "version", { secret: made.id, secretData: "one" });
      assert.match(first.id, /^projects\/[0-9]{12}\/secrets\/bootstrap\/versions\/1$/);
      assert.deepEqual(first.wire.secretData, secret("one"));
      const answer = await google.client.diff(first, { secret: made.id, secretData: "two" });
      assert.deepEqual([answer.replaces, answer.deleteBeforeReplace], [["secretData"], false]);
      const second = await google.client.create(SECRET_VERSION, "version", { secret: made.id, secretData: "two" });
      assert.equal(second.properties.version, "2");
    });
  });

  it("meets the faults that were ordered, and nothing is doubled afterwards", async () => {
    google.ledger.order({ type: NETWORK, name: "network", operation: "create", error: "quota exceeded", times: 1 });
    await assert.rejects(google.network(), /^Error: quota exceeded$/);
    assert.deepEqual(google.ledger.names(), []);
    const made = await google.network();
    google.ledger.order({ type: NETWORK, name: "acme", operation: "delete", error: "backend error", times: 1 });
    await assert.rejects(google.client.delete(made), /backend error/);
    assert.deepEqual(google.ledger.names(), ["Network network"]);
    await google.client.delete(made);
    assert.deepEqual(google.ledger.names(), []);
  });
});
