import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VersionHistory, Versions } from "../../components/platform/versions";
import { findingsOf, type PolicyFinding } from "../../ops/preview/findings";
import { gates } from "../../policy/gates";
import { EngineStack } from "./engine";
import type { Wish } from "./programs/version-record";

const PACK = join(__dirname, "../../../policy/onprem-policies");

const first: Wish = {
  versions: { kubernetes: "1.34", parse: "9.9.0", mongodb: "8.0.26" },
  now: "2026-06-01T08:10:00Z",
};
const backup = { name: "drill-7", completedAt: "2026-06-10T02:00:00Z" };
const upgrade: Wish = { versions: { ...first.versions, kubernetes: "1.35" }, now: "2026-06-10T08:20:00Z", backup };

describe("upgrade gates on the real engine, with versions on record", () => {
  const stack = new EngineStack("version-record", { attached: ["random"] });
  const settingsOfPack = join(stack.folder, "policy-settings.json");
  const wishes = join(stack.folder, "wishes.json");
  const log = join(stack.folder, "events.json");
  const withPack = ["--policy-pack", PACK, "--policy-pack-config", settingsOfPack];

  before(async () => {
    process.env.WISHES = wishes;
    process.env.PULUMI_DEBUG_COMMANDS = "true";
    // This program has nothing but records; what a whole platform must have is tested elsewhere.
    writeFileSync(settingsOfPack, JSON.stringify({ "backup-scheduled": "disabled", "alert-receiver": "disabled" }));
    await stack.create();
  });
  after(async () => {
    delete process.env.WISHES;
    delete process.env.PULUMI_DEBUG_COMMANDS;
    await stack.remove();
  });

  const wish = (...named: [string, Wish][]) => writeFileSync(wishes, JSON.stringify(Object.fromEntries(named)));
  const up = () => stack.run("up", "--yes", "--skip-preview", ...withPack);

  describe("of a platform with a resource for each part", () => {
    const want = (wanted: Wish) => wish(["acme", { ...wanted, parts: "identifiers" }]);
    const state = async () => {
      const { deployment } = JSON.parse(await stack.succeed("stack", "export"));
      type Resource = { type: string; id: string; outputs: { versions?: { acme: VersionHistory } } };
      const resources = deployment.resources as Resource[];
      return {
        history: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs.versions?.acme,
        identifiers: resources.filter(({ type }) => type.startsWith("random:")).map(({ id }) => id),
      };
    };

    it("let a first deployment pass, which has no version to come from", async () => {
      want(first);
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);
      const { history, identifiers } = await state();
      assert.deepEqual(history, { current: first.versions, changedAt: "2026-06-01T08:00:00.000Z", overrides: [] });
      assert.equal(identifiers.length, 3);
    });

    it("refuse an upgrade without a verified backup, name the way out, and nothing of the platform is changed", async () => {
      want({ ...upgrade, backup: undefined, late: 4000 });
      const before = await state();
      const { exitCode, output } = await up();
      assert.notEqual(exitCode, 0);
      assert.match(output, /backup-verified/);
      assert.match(output, /backup is missing: no drill has verified one \(kubernetes 1\.34 → 1\.35\)/);
      assert.match(output, /Fix: run the restore drill/);
      assert.deepEqual(await state(), before);
    });

    it("let the upgrade pass with one, and the next preview is empty, long after", async () => {
      const before = await state();
      want(upgrade);
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);
      const { history, identifiers } = await state();
      assert.deepEqual(history?.current, upgrade.versions);
      assert.deepEqual(history?.previous, first.versions);
      const kept = identifiers.filter((identifier) => before.identifiers.includes(identifier));
      assert.equal(kept.length, 2, "of three, one is of Kubernetes");
      want({ versions: upgrade.versions, now: "2026-12-24T08:00:00Z" });
      await stack.succeed("preview", "--expect-no-changes", ...withPack);
    });

    it("refuse a skipped minor, and are opened by an override with a reason and a day", async () => {
      const now = "2026-06-20T08:00:00Z";
      const fresh = { name: "drill-8", completedAt: "2026-06-20T02:00:00Z" };
      const skipping = { versions: { ...first.versions, kubernetes: "1.37" }, now, backup: fresh };
      want(skipping);
      const refused = await up();
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.output, /to\.kubernetes is 1\.37, the cluster has 1\.35/);
      assert.match(refused.output, /set onprem:cluster\.kubernetesVersion to "1\.36" and run that first/);

      const override = {
        gate: "kubernetes-minor-skipped",
        reason: "The cluster was made anew, decided by J. Doe",
        expires: "2026-06-30",
      };
      want({ ...skipping, overrides: [override] });
      const opened = await up();
      assert.equal(opened.exitCode, 0, opened.output);
      assert.match(
        opened.output,
        /the gate kubernetes-minor-skipped is open until 2026-06-30: The cluster was made anew/,
      );
      assert.deepEqual((await state()).history?.overrides, [override]);
    });
  });

  describe("each for two platforms of its own", () => {
    const deployed: Versions = {
      kubernetes: "1.33",
      rancher: "2.13.8",
      parse: "8.6.0",
      mongodb: "8.0.4",
      postgresql: "15.14",
      flux: "2.9.1",
    };
    const now = "2026-10-01T08:00:00Z";

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
        gate: "postgresql-major",
        refused: { versions: { ...deployed, postgresql: "16.10" } },
        words: /to\.postgresql is 16\.10, the database has 15\.14.*dump the data/s,
        allowed: { versions: { ...deployed, postgresql: "15.15" } },
      },
      {
        gate: "parse-major-skipped",
        refused: { versions: { ...deployed, parse: "10.0.0" } },
        words: /to\.parse is 10\.0\.0, the stack has 8\.6\.0.*set onprem:parse\.version to a release of major 9/s,
        allowed: { versions: { ...deployed, parse: "9.10.0" } },
      },
      {
        gate: "flux-minor-lowered",
        refused: { versions: { ...deployed, flux: "2.8.4" } },
        words: /to\.flux is 2\.8\.4, the cluster has 2\.9\.1\..*keep 2\.9\.1, or take a newer version/s,
        allowed: { versions: { ...deployed, flux: "2.9.0" } },
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

    let findings: PolicyFinding[];

    before(async () => {
      const platforms = UPGRADES.flatMap(({ gate }) => [`${gate}-refused`, `${gate}-allowed`]);
      wish(...platforms.map((name): [string, Wish] => [name, { versions: deployed, now: "2026-06-01T08:00:00Z" }]));
      const { exitCode, output } = await up();
      assert.equal(exitCode, 0, output);

      const at = (wanted: Partial<Wish>): Wish => {
        const complete = { versions: deployed, now, ...wanted };
        const completedAt = complete.now.replace("T08", "T02");
        return { backup: { name: "fresh", completedAt }, ...complete };
      };
      wish(
        ...UPGRADES.flatMap(({ gate, refused, allowed }): [string, Wish][] => [
          [`${gate}-refused`, at(refused)],
          [`${gate}-allowed`, at(allowed)],
        ]),
      );
      writeFileSync(log, "");
      const closed = await stack.run("preview", ...withPack, "--event-log", log);
      assert.notEqual(closed.exitCode, 0, closed.output);
      const names = gates.map(({ name }) => name);
      findings = findingsOf(readFileSync(log, "utf8")).filter(({ policy }) => names.includes(policy));
    });

    it("have a row for every gate", () => {
      assert.deepEqual(UPGRADES.map(({ gate }) => gate).sort(), gates.map(({ name }) => name).sort());
    });

    for (const { gate, words } of UPGRADES) {
      it(`${gate} refuses an upgrade alone, and lets the right one pass`, () => {
        const [closed, ...others] = findings.filter(({ name }) => name === `${gate}-refused`);
        assert.deepEqual(others, []);
        assert.equal(closed?.policy, gate);
        assert.equal(closed?.level, "mandatory");
        assert.match(closed?.message ?? "", words);
        assert.deepEqual(
          findings.filter(({ name }) => name === `${gate}-allowed`),
          [],
        );
      });
    }
  });
});
