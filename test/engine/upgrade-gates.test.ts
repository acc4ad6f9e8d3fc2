import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../components/versions";
import { EngineStack } from "./engine";

const PACK = join(__dirname, "../../../policy/onprem-policies");

interface Wish {
  versions: Versions;
  now: string;
  backup?: VerifiedBackup;
  overrides?: GateOverride[];
}

const first: Wish = {
  versions: { kubernetes: "1.34", parse: "9.9.0", mongodb: "8.0.26" },
  now: "2026-06-01T08:10:00Z",
};
const backup = { name: "drill-7", completedAt: "2026-06-10T02:00:00Z" };
const upgrade: Wish = { versions: { ...first.versions, kubernetes: "1.35" }, now: "2026-06-10T08:20:00Z", backup };

describe("upgrade gates on the real engine, with versions on record", function () {
  this.timeout(120_000);
  const stack = new EngineStack("version-record");
  const settingsOfPack = join(stack.folder, "policy-settings.json");
  const withPack = ["--policy-pack", PACK, "--policy-pack-config", settingsOfPack];

  before(async () => {
    // This program has nothing but a record; what a whole platform must have is tested elsewhere.
    writeFileSync(settingsOfPack, JSON.stringify({ "backup-scheduled": "disabled", "alert-receiver": "disabled" }));
    await stack.succeed("stack", "init", "test");
  });
  after(() => stack.remove());

  async function wish({ versions, now, backup: verified, overrides = [] }: Wish): Promise<void> {
    const values = { versions, now, overrides, ...(verified ? { backup: verified } : {}) };
    await stack.run("config", "rm", "backup");
    for (const [key, value] of Object.entries(values)) {
      await stack.succeed("config", "set", key, typeof value === "string" ? value : JSON.stringify(value));
    }
  }

  const up = () => stack.run("up", "--yes", "--skip-preview", ...withPack);
  const history = async () => (await stack.outputs()).versions as unknown as VersionHistory;

  it("lets a first deployment pass, which has no version to come from", async () => {
    await wish(first);
    const { exitCode, output } = await up();
    assert.equal(exitCode, 0, output);
    assert.deepEqual(await history(), {
      current: first.versions,
      changedAt: "2026-06-01T08:00:00.000Z",
      overrides: [],
    });
  });

  it("refuses an upgrade without a verified backup, names the way out, and leaves the record as it was", async () => {
    await wish({ ...upgrade, backup: undefined });
    const before = await history();
    const { exitCode, output } = await up();
    assert.notEqual(exitCode, 0);
    assert.match(output, /backup-verified/);
    assert.match(output, /backup is missing: no drill has verified one \(kubernetes 1\.34 → 1\.35\)/);
    assert.match(output, /Mend: run the restore drill/);
    assert.deepEqual(await history(), before);
  });

  it("lets the upgrade pass with one, and the next preview is empty, long after", async () => {
    await wish(upgrade);
    const { exitCode, output } = await up();
    assert.equal(exitCode, 0, output);
    assert.deepEqual((await history()).previous, first.versions);
    await wish({ versions: upgrade.versions, now: "2026-12-24T08:00:00Z" });
    await stack.succeed("preview", "--expect-no-changes", ...withPack);
  });

  it("refuses a skipped minor, and opens the gate for an override with a reason and a day", async () => {
    const now = "2026-06-20T08:00:00Z";
    const fresh = { name: "drill-8", completedAt: "2026-06-20T02:00:00Z" };
    const skipping = { versions: { ...first.versions, kubernetes: "1.37" }, now, backup: fresh };
    await wish(skipping);
    const refused = await up();
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.output, /to\.kubernetes is 1\.37, the cluster has 1\.35/);
    assert.match(refused.output, /set onprem:cluster\.kubernetesVersion to "1\.36" and run that first/);

    const override = {
      gate: "kubernetes-minor-skipped",
      reason: "The cluster was made anew, decided by J. Doe",
      expires: "2026-06-30",
    };
    await wish({ ...skipping, overrides: [override] });
    const opened = await up();
    assert.equal(opened.exitCode, 0, opened.output);
    assert.match(
      opened.output,
      /the gate kubernetes-minor-skipped is open until 2026-06-30: The cluster was made anew/,
    );
    assert.deepEqual((await history()).overrides, [override]);
  });
});
