import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VersionHistory, Versions } from "../../components/platform/versions";
import { TestLedger } from "../support/clouds/cloud-client";
import { EngineStack } from "./engine";
import type { Wish } from "./programs/version-record";

const PACK = join(__dirname, "../../../policy/onprem-policies");

const deployed: Versions = { kubernetes: "1.34", parse: "9.9.0", mongodb: "8.0.4", velero: "1.17.0" };
const backup = { name: "drill-7", completedAt: "2026-06-10T02:00:00Z" };
/** A run at an hour of the day on which the backup is fresh. */
const at = (hour: number, versions: Versions): Wish => ({
  versions,
  now: `2026-06-10T${String(hour).padStart(2, "0")}:10:00Z`,
  backup,
  parts: "addresses",
});

describe("versions on record, on the real engine, follow each part's own resource", () => {
  const ledger = new TestLedger();
  const stack = new EngineStack("version-record", { attached: ["gcp"] });
  const wishes = join(stack.folder, "wishes.json");
  const settingsOfPack = join(stack.folder, "policy-settings.json");
  const withPack = ["--policy-pack", PACK, "--policy-pack-config", settingsOfPack];

  before(async () => {
    process.env.WISHES = wishes;
    // This program has nothing but records and addresses; what a whole platform must have is tested elsewhere.
    const others = ["backup-scheduled", "alert-receiver", "labels-present", "names-carry-customer"];
    writeFileSync(settingsOfPack, JSON.stringify(Object.fromEntries(others.map((name) => [name, "disabled"]))));
    await stack.create();
    await stack.succeed("config", "set", "gcp:project", "acme-platform");
  });
  after(async () => {
    delete process.env.WISHES;
    await stack.remove();
    ledger.remove();
  });

  const want = (wish: Wish) => writeFileSync(wishes, JSON.stringify({ acme: wish }));
  const up = (...options: string[]) => stack.run("up", "--yes", "--skip-preview", ...withPack, ...options);
  /** A URN by its end. */
  const part = (name: keyof Versions) => `**::acme-${name}`;

  async function history(): Promise<VersionHistory | undefined> {
    const { deployment } = JSON.parse(await stack.succeed("stack", "export"));
    type Resource = { type: string; outputs?: { versions?: { acme: VersionHistory } } };
    const resources = deployment.resources as Resource[];
    return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.versions?.acme;
  }

  /** What the stand-in cloud has, by part. */
  function running(): Versions {
    const found = ledger.read().resources.map(({ name, properties }) => {
      const { version } = properties.labels as { version: string };
      return [name.replace("acme-", ""), version];
    });
    return Object.fromEntries(found) as Versions;
  }

  beforeEach(async () => {
    ledger.order();
    // Everything is as it was first deployed: tests go from there.
    await stack.run("cancel", "--yes");
    await stack.succeed("destroy", "--yes", "--skip-preview");
    want(at(3, deployed));
    const { exitCode, output } = await up();
    assert.equal(exitCode, 0, output);
    assert.deepEqual((await history())?.current, deployed);
  });

  it("moves the part that a run is limited to, and no other", async () => {
    const asked = { ...deployed, parse: "10.0.0", velero: "1.18.3" };
    want(at(4, asked));
    const { exitCode, output } = await up("--target", part("velero"));
    assert.equal(exitCode, 0, output);
    assert.deepEqual(running(), { ...deployed, velero: "1.18.3" });
    const known = await history();
    assert.deepEqual(known?.current, running());
    assert.deepEqual(known?.previous, deployed);

    const rest = await up();
    assert.equal(rest.exitCode, 0, rest.output);
    assert.deepEqual((await history())?.current, asked);
    assert.deepEqual((await history())?.previous, { ...deployed, velero: "1.18.3" });
    want({ ...at(4, asked), now: "2026-12-24T08:00:00Z" });
    await stack.succeed("preview", "--expect-no-changes", ...withPack);
  });

  const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
    "--target of another part": ["--target", part("velero")],
    "--target of the record itself": ["--target", "**VersionRecord::acme"],
    "--exclude of the part": ["--exclude", part("parse")],
  };
  for (const [name, options] of Object.entries(LEFT_OUT)) {
    it(`judges the next step from what runs after ${name}: 9 → 10 → 11 is a skipped major`, async () => {
      want(at(4, { ...deployed, parse: "10.0.0" }));
      const limited = await up(...options);
      assert.equal(limited.exitCode, 0, limited.output);
      assert.deepEqual(running(), deployed);
      assert.deepEqual((await history())?.current, deployed);

      want(at(5, { ...deployed, parse: "11.0.0" }));
      const { exitCode, output } = await up();
      assert.notEqual(exitCode, 0);
      assert.match(output, /to\.parse is 11\.0\.0, the stack has 9\.9\.0/);
      assert.deepEqual(running(), deployed);
    });
  }

  it("is not moved by a preview", async () => {
    const before = await history();
    want(at(4, { ...deployed, parse: "10.0.0" }));
    await stack.succeed("preview", ...withPack);
    assert.deepEqual(await history(), before);
  });

  for (const options of [[], ["--continue-on-error"]]) {
    it(`keeps a part that failed, also in a later run without it: up ${options.join(" ")}`, async () => {
      ledger.order({ type: "*", name: "acme-parse", operation: "update", error: "quota exceeded", times: 1 });
      const asked = { ...deployed, parse: "10.0.0", velero: "1.18.3" };
      want(at(4, asked));
      const failed = await up(...options);
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /quota exceeded/);
      assert.equal(running().parse, "9.9.0");
      // A run that the failure stops says nothing of what it did before; one that goes on does.
      const moved = options.length > 0 ? running() : deployed;
      assert.deepEqual((await history())?.current, moved);

      const limited = await up("--target", part("velero"));
      assert.equal(limited.exitCode, 0, limited.output);
      assert.deepEqual((await history())?.current, { ...deployed, velero: "1.18.3" });

      want(at(5, { ...asked, parse: "11.0.0" }));
      const refused = await up();
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.output, /to\.parse is 11\.0\.0, the stack has 9\.9\.0/);

      want(at(5, asked));
      const again = await up();
      assert.equal(again.exitCode, 0, again.output);
      assert.deepEqual((await history())?.current, asked);
      await stack.succeed("preview", "--expect-no-changes", ...withPack);
    });
  }

  it("knows only what was made where the first run was limited, and asks for no backup of the rest", async () => {
    await stack.succeed("destroy", "--yes", "--skip-preview");
    want({ ...at(3, deployed), backup: undefined });
    const limited = await up("--target", part("kubernetes"), "--target", "**test:index:Platform::acme");
    assert.equal(limited.exitCode, 0, limited.output);
    assert.deepEqual((await history())?.current, { kubernetes: "1.34" });
    const { exitCode, output } = await up();
    assert.equal(exitCode, 0, output);
    assert.deepEqual((await history())?.current, deployed);
  });
});
