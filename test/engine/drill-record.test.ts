import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DRILL_RECORD, type DrillRecord } from "../../components/platform/drill-record";
import type { VersionHistory } from "../../components/platform/versions";
import { EngineStack } from "./engine";
import { ObjectsStandIn } from "./objects-stand-in";

const PACK = join(__dirname, "../../../policy/onprem-policies");

describe("the upgrade gate backup-verified on the real engine, with a drill's record in the cluster", () => {
  const stack = new EngineStack("drill-record");
  const settingsOfPack = join(stack.folder, "policy-settings.json");
  const withPack = ["--policy-pack", PACK, "--policy-pack-config", settingsOfPack];
  const cluster = new ObjectsStandIn();
  const path = `/api/v1/namespaces/velero/configmaps/${DRILL_RECORD.name}`;

  const leave = (record: Partial<DrillRecord>) => {
    const at = new Date().toISOString();
    const versions = { parse: "9.9.0" };
    const drill = { at, passed: true, backup: { name: "drill-9", completedAt: at }, versions, lost: [] };
    cluster.objects.set(path, { data: { [DRILL_RECORD.last]: JSON.stringify({ ...drill, ...record }) } });
  };

  before(async () => {
    // This program has nothing but a record; what a whole platform must have is tested elsewhere.
    writeFileSync(settingsOfPack, JSON.stringify({ "backup-scheduled": "disabled", "alert-receiver": "disabled" }));
    await cluster.start();
    await stack.create();
    await stack.succeed("config", "set", "--secret", "kubeconfig", cluster.kubeconfig());
    await stack.succeed("config", "set", "parse", "9.9.0");
    await stack.succeed("up", "--yes", "--skip-preview", ...withPack);
    await stack.succeed("config", "set", "parse", "9.10.0");
  });
  after(async () => {
    cluster.stop();
    await stack.remove();
  });

  it("stays closed without one, after a drill that failed, and after one that is too old, each with the reason", async () => {
    const closed = async (why: RegExp) => {
      const { exitCode, output } = await stack.run("preview", ...withPack);
      assert.notEqual(exitCode, 0);
      assert.match(output, /no drill has verified one \(parse 9\.9\.0 → 9\.10\.0\)/);
      assert.match(output, why);
    };
    await closed(/no drill has left a record/);
    leave({ passed: false, reason: "The store outside is Unavailable" });
    await closed(/No backup is verified for this upgrade: the last drill, of .*, failed: The store outside/);
    leave({ at: new Date(Date.now() - 9.5 * 86_400_000).toISOString() });
    await closed(/the last drill is 9 days old; onprem:backup\.drill\.maximumAgeDays is 8/);
  });

  it("opens by a fresh one, which stays on record, and the kubeconfig that led to it shows nowhere", async () => {
    leave({});
    await stack.succeed("up", "--yes", "--skip-preview", ...withPack);
    const { backup } = (await stack.outputs()).versions as unknown as VersionHistory;
    assert.equal(backup?.name, "drill-9");
    cluster.objects.clear();
    await stack.succeed("preview", "--expect-no-changes", ...withPack);
    assert.doesNotMatch(await stack.succeed("stack", "output", "--json"), /127\.0\.0\.1/);
  });
});
