/** One stack of the cloud half with all its protections and a CA of its own, from its first preview to its end. */
import assert from "node:assert/strict";
import { separable, together } from "../support/engine/changed-settings";
import { GIVEN_PASSWORD, REFUSED_SETTINGS, SETTING_EFFECTS, standing } from "../support/engine/setting-effects";
import { findSecrets } from "../support/lab/secret-scan";
import { assertOrder, CloudHalfStack, inventory } from "./cloud-half-stack";

/** Settings that no other may change together with, for the settings to be valid. */
const ALONE = ["rancher", "cluster.availability"];
const REPLACING = REFUSED_SETTINGS.filter(({ setting }) => !ALONE.includes(setting));

describe("a protected stack of the cloud half on the real engine", () => {
  let cloud: CloudHalfStack;
  let printed: string;
  let previewed: string;
  before(async () => {
    cloud = new CloudHalfStack("real");
    await cloud.create(standing);
    await cloud.setSecret("onprem:access.users[1].initialPassword", GIVEN_PASSWORD);
  });
  after(() => cloud?.remove());

  it("is made as its first preview says, and then there is nothing to do", async () => {
    const planned = await cloud.planned();
    assert.ok(planned.length > 30, inventory(planned).join("\n"));
    assert.deepEqual(cloud.ledger.names(), [], "a preview makes nothing");
    printed = await cloud.up();
    assert.deepEqual(inventory(cloud.ledger.read().resources), inventory(planned));
    await cloud.stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    previewed = await cloud.stack.succeed("preview", "--diff", "--show-sames", "--expect-no-changes");
  });

  it("shows no password, token or private key in its state, its previews or the VM's metadata", async () => {
    const places = {
      "what the update printed": printed,
      "what a preview prints": previewed,
      "the state": await cloud.stack.succeed("stack", "export"),
      "the VM": JSON.stringify(cloud.machine()),
    };
    const secrets = { ...cloud.secrets(), "the password that a user was given": GIVEN_PASSWORD };
    assert.ok(Object.keys(secrets).length > 10, Object.keys(secrets).join("\n"));
    for (const [name, value] of Object.entries(secrets)) assert.ok(value.length > 16, name);
    assert.deepEqual(findSecrets(secrets, places), []);
    for (const [place, text] of Object.entries(places)) assert.doesNotMatch(text, /PRIVATE KEY/, place);
  });

  // Settings that share no property of a resource share a preview; test/unit/platform/setting-effects.test.ts has each alone.
  for (const group of separable(SETTING_EFFECTS)) {
    const settings = group.map(({ setting }) => `onprem:${setting}`).join(", ");
    it(`would change what the documentation says of each, and nothing else: ${settings}`, () =>
      cloud.withSettings(async () => {
        for (const { setting, value, secret } of group) {
          if (secret) await cloud.setSecret(`onprem:${setting}`, String(value));
          else cloud.set(setting, value);
        }
        assert.deepEqual(await cloud.effects(), together(group));
      }));
  }

  it("warns once of a setting that does nothing any more, and refuses a cluster that Rancher was to make", () =>
    cloud.withSettings(async () => {
      cloud.set("cluster.createdBy", "platform");
      const warned = await cloud.stack.succeed("preview", "--expect-no-changes");
      assert.equal(warned.match(/onprem:cluster\.createdBy does nothing any more/g)?.length, 1, warned);
      cloud.set("cluster.createdBy", "rancher");
      const { exitCode, output } = await cloud.stack.run("preview");
      assert.notEqual(exitCode, 0);
      assert.match(output, /onprem:cluster\.createdBy\n.*docs\/rancher\.md, "A cluster that Rancher created"/s);
    }));

  it("refuses settings that would replace what is protected before it touches anything, and says the way out", async () => {
    const before = cloud.ledger.journal().length;
    await cloud.withSettings(async () => {
      for (const { setting, value } of REPLACING) cloud.set(setting, value);
      const { exitCode, output } = await cloud.stack.run("up", "--yes", "--skip-preview");
      assert.notEqual(exitCode, 0);
      for (const { setting, part } of REPLACING) {
        assert.ok(output.includes(`onprem:${setting}: `), output);
        assert.ok(output.includes(`set onprem:${part}.deletionProtection to false`), output);
      }
      const again = await cloud.stack.run("preview");
      assert.match(again.output, /nothing was changed/, "a second attempt is refused too");
    });
    assert.equal(cloud.ledger.journal().length, before);
  });

  it("is kept by the engine where the program has forgotten what is there", () =>
    cloud.withSettings(async () => {
      cloud.set("cluster.network.podRange", "10.64.0.0/16");
      cloud.set("rancher.zone", "europe-west3-b");
      const { exitCode, output } = await cloud.forgetful(() => cloud.stack.run("preview"));
      assert.notEqual(exitCode, 0);
      const kept = [...output.matchAll(/unable to replace resource "[^"]*::([\w-]+)"/g)].map(([, name]) => name ?? "");
      assert.ok(kept.length > 0, output);
      for (const name of kept) assert.match(name, /^(cluster|instance|data-disk)$/);
    }));

  it("loses nothing to a `destroy` with its preview", async () => {
    const before = cloud.ledger.names();
    const { exitCode, output } = await cloud.stack.run("destroy", "--yes");
    assert.notEqual(exitCode, 0);
    assert.match(output, /protected/);
    assert.deepEqual(cloud.ledger.names(), before);
  });

  it("moves once the settings have given up the protection: the VM with its address, the cluster in its ranges", async () => {
    for (const part of ["rancher", "cluster"]) cloud.set(`${part}.deletionProtection`, false);
    await cloud.up();
    const before = inventory(cloud.ledger.read().resources);
    const done = cloud.ledger.journal().length;
    cloud.set("rancher.zone", "europe-west3-b");
    cloud.set("cluster.network.podRange", "10.64.0.0/16");
    await cloud.up();
    const steps = cloud.ledger.journal().slice(done);
    const replaced = ["Cluster cluster", "Disk data-disk", "DiskResourcePolicyAttachment snapshots"];
    for (const operation of ["delete", "create"])
      assert.deepEqual(
        steps
          .filter((step) => step.operation === operation)
          .map(({ type, name }) => `${type.split(":").pop()} ${name}`)
          .sort(),
        [...replaced, "Instance instance", "NodePool nodes"],
      );
    assert.deepEqual(inventory(cloud.ledger.read().resources), before);
  });

  it("goes, in order and to the last resource", async () => {
    const moved = cloud.deleted().length;
    await cloud.destroy();
    assert.deepEqual(cloud.ledger.names(), []);
    assertOrder(cloud.deleted().slice(moved), [
      "ProjectRoleTemplateBinding",
      "Project",
      "ClusterSync",
      "rancher2:index/cluster:Cluster",
      "CloudCredential",
      "gcp:container/cluster:Cluster",
      "Instance",
      "Disk",
    ]);
  });
});
