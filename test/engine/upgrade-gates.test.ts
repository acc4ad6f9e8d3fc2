import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DRILL_RECORD, type DrillRecord } from "../../components/drill-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../components/versions";
import { gates } from "../../policy/gates";
import { ApiServerStandIn } from "./api-server-stand-in";
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
    const texts = Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    await stack.succeed("config", "set-all", ...texts.flatMap(([key, text]) => ["--plaintext", `${key}=${text}`]));
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

  describe("with a drill's record in the cluster", () => {
    const cluster = new ApiServerStandIn();
    const path = `/api/v1/namespaces/velero/configmaps/${DRILL_RECORD.name}`;
    const deployed: Versions = { parse: "9.9.0" };
    const change = { versions: { parse: "9.10.0" }, now: new Date().toISOString() };
    const leave = (record: Partial<DrillRecord>) => {
      const at = new Date().toISOString();
      const drill = { at, passed: true, backup: { name: "drill-9", completedAt: at }, versions: deployed, lost: [] };
      cluster.objects.set(path, { data: { [DRILL_RECORD.last]: JSON.stringify({ ...drill, ...record }) } });
    };
    const preview = () => stack.run("preview", ...withPack);

    before(async () => {
      await stack.succeed("destroy", "--yes", "--skip-preview");
      await cluster.start(stack.folder);
      await stack.succeed("config", "set", "--secret", "kubeconfig", cluster.kubeconfig());
      await wish({ versions: deployed, now: "2026-06-01T08:00:00Z" });
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);
      await wish(change);
    });
    after(async () => {
      cluster.stop();
      await stack.succeed("config", "rm", "kubeconfig");
    });

    it("stays closed without one, after a drill that failed, and after one that is too old, each with the reason", async () => {
      const closed = async (why: RegExp) => {
        const { exitCode, output } = await preview();
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
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);
      assert.equal((await history()).backup?.name, "drill-9");
      cluster.objects.clear();
      await stack.succeed("preview", "--expect-no-changes", ...withPack);
      const shown = await stack.succeed("stack", "output", "--json");
      assert.doesNotMatch(shown, /127\.0\.0\.1/);
    });
  });

  describe("each by itself", () => {
    const deployed: Versions = { kubernetes: "1.33", rancher: "2.13.8", parse: "8.6.0", mongodb: "8.0.4" };
    const now = "2026-10-01T08:00:00Z";
    before(async () => {
      await stack.succeed("destroy", "--yes", "--skip-preview");
      await wish({ versions: deployed, now: "2026-06-01T08:00:00Z" });
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);
    });

    /** An upgrade that only this gate refuses, its words, and one that passes. */
    const UPGRADES: ReadonlyArray<{ gate: string; refused: Partial<Wish>; words: RegExp; allowed: Partial<Wish> }> = [
      {
        gate: "kubernetes-minor-skipped",
        refused: { versions: { ...deployed, rancher: "2.14.4", kubernetes: "1.35" } },
        words: /to\.kubernetes is 1\.35, the cluster has 1\.33.*set onprem:cluster\.kubernetesVersion to "1\.34"/s,
        allowed: { versions: { ...deployed, rancher: "2.14.4", kubernetes: "1.34" } },
      },
      {
        gate: "rancher-kubernetes-pair",
        refused: { versions: { ...deployed, rancher: "2.15.0" } },
        words: /Rancher 2\.15\.0 manages 1\.34, 1\.35, 1\.36.*set onprem:rancher\.version to 2\.14\.4/s,
        allowed: { versions: { ...deployed, rancher: "2.14.4" } },
      },
      {
        gate: "mongodb-major",
        refused: { versions: { ...deployed, mongodb: "9.0.1" } },
        words: /to\.mongodb is 9\.0\.1; Parse Server runs on majors 8.*set onprem:parse\.database\.version/s,
        allowed: { versions: { ...deployed, mongodb: "8.0.26" } },
      },
      {
        gate: "parse-major-skipped",
        refused: { versions: { ...deployed, parse: "10.0.0" } },
        words: /to\.parse is 10\.0\.0, the stack has 8\.6\.0.*set onprem:parse\.version to a release of major 9/s,
        allowed: { versions: { ...deployed, parse: "9.10.0" } },
      },
      {
        gate: "end-of-life",
        refused: { versions: { ...deployed, kubernetes: "1.34" }, now: "2026-11-02T08:00:00Z" },
        words: /to\.kubernetes is 1\.34, which got its last fix on 2026-10-27.*choose one of 1\.35, 1\.36/s,
        allowed: { versions: { ...deployed, kubernetes: "1.34" } },
      },
      {
        gate: "backup-verified",
        refused: {
          versions: { ...deployed, parse: "9.10.0" },
          backup: { name: "old", completedAt: "2026-09-20T02:00:00Z" },
        },
        words: /old is 270 hours old, allowed are 26.*run the restore drill/s,
        allowed: { versions: { ...deployed, parse: "9.10.0" } },
      },
    ];

    it("has a row for every gate", () => {
      assert.deepEqual(UPGRADES.map(({ gate }) => gate).sort(), gates.map(({ name }) => name).sort());
    });

    for (const { gate, refused, words, allowed } of UPGRADES) {
      it(`${gate} refuses an upgrade alone, and lets the right one pass`, async () => {
        const fresh = (at: string) => ({ name: "fresh", completedAt: at.replace("T08", "T02") });
        const asked = { versions: deployed, now, ...refused };
        await wish({ backup: fresh(asked.now), ...asked });
        const closed = await stack.run("preview", ...withPack);
        assert.notEqual(closed.exitCode, 0, closed.output);
        assert.match(closed.output, words);
        const spoke = gates.map(({ name }) => name).filter((name) => closed.output.includes(name));
        assert.deepEqual(spoke, [gate], closed.output);

        await wish({ versions: deployed, now, backup: fresh(now), ...allowed });
        const open = await stack.run("preview", ...withPack);
        assert.equal(open.exitCode, 0, open.output);
      });
    }
  });
});
