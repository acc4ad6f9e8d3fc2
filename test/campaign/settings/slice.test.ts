import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallest } from "../../support/settings/valid-settings";
import { examples } from "./examples";
import { mutate } from "./mutate";
import { settingsPart } from "./part";
import { Random } from "./random";
import { SettingsThread } from "./thread";

describe("settings with mistakes in them", function () {
  this.timeout(120_000);

  it("are the same for the same seed", () => {
    const [one, other] = [7, 7].map((seed) => examples().map((example) => mutate(example, new Random(seed))));
    assert.deepEqual(one, other);
    assert.notDeepEqual(
      one,
      examples().map((example) => mutate(example, new Random(8))),
    );
  });

  it("are taken from every example, each of which is taken as it is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slice-"));
    const thread = new SettingsThread(folder);
    try {
      assert.ok(examples().length >= 25, String(examples().length));
      let taken = 0;
      for (const clear of examples()) {
        const outcome = await thread.run(
          { clear, file: {}, secretSections: Object.keys(clear), depth: "load" },
          30_000,
        );
        assert.notEqual(outcome?.loaded, "crashed", outcome?.message);
        if (outcome?.loaded === "taken") taken += 1;
      }
      // The documentation's pieces leave out what stands elsewhere on the page.
      assert.ok(taken >= 25, `${taken} of ${examples().length}`);
    } finally {
      await thread.stop();
      rmSync(folder, { recursive: true });
    }
  });

  it("come to no hang, no stack trace and no quoted secret, and what is taken works", async () => {
    const running = await settingsPart.start(1);
    try {
      const piece = await running.piece(0);
      assert.deepEqual(piece?.findings, []);
      const { counts } = piece;
      assert.deepEqual([counts.settings, counts.programs], [100, 4]);
      for (const name of ["hangs", "stackTraces", "secretsQuoted", "programCrashes"])
        assert.equal(counts[name], 0, name);
      assert.ok((counts.taken ?? 0) >= 3 && (counts.taken ?? 0) <= 95, `taken: ${counts.taken}`);
    } finally {
      await running.stop();
    }
  });

  it("that load for ever are told as a hang, and the next ones are loaded", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slice-"));
    const thread = new SettingsThread(folder);
    const task = { clear: smallest(), file: smallest(), secretSections: [], depth: "load" } as const;
    try {
      assert.equal(await thread.run(task, 0), undefined);
      assert.equal((await thread.run(task, 60_000))?.loaded, "refused");
    } finally {
      await thread.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
