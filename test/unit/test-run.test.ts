import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lab/layout";

describe("test/run", () => {
  it("runs every test file of the lab, each in one lane", () => {
    const lanes = readFileSync(join(projectRoot, "test", "run"), "utf8").matchAll(
      /dist\/test\/lab\/\{?([\w,-]+)\}?\.test/g,
    );
    const run = [...lanes].flatMap(([, names = ""]) => names.split(","));
    const files = readdirSync(join(projectRoot, "test", "lab")).filter((name) => name.endsWith(".test.ts"));
    assert.deepEqual(run.sort(), files.map((name) => name.replace(".test.ts", "")).sort());
  });
});

describe("test/summary", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "test-summary-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function summary(logs: Record<string, string>, ...failed: string[]): string {
    for (const [lane, log] of Object.entries(logs)) writeFileSync(join(folder, `${lane}.log`), log);
    const run = spawnSync(join(projectRoot, "test", "summary"), [folder, ...failed], { encoding: "utf8" });
    assert.equal(run.stderr, "");
    return run.stdout;
  }

  it("adds up what the lanes count", () => {
    const closing = summary({
      sources: "clean\n",
      one: "\n  12 passing (3m)\n",
      two: "\n  7 passing (40ms)\n  1 pending\n",
    });
    assert.equal(closing, "\n19 passed, 0 failed\n");
  });

  it("says again what failed, and why, above its last line", () => {
    const list = "  1) a backup\n       is kept:\n\n      AssertionError: gone\n";
    const closing = summary(
      { one: "\n  12 passing (3m)\n", two: `    1) is kept\n\n  7 passing (4s)\n  1 failing\n\n${list}` },
      "two",
    );
    assert.equal(closing, `\n== two FAILED\n  1 failing\n\n${list}\n19 passed, 1 failed\n`);
  });

  it("shows the end of a lane that came to no list of failures", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);
    const closing = summary({ one: lines.join("") }, "one");
    assert.equal(closing, `\n== one FAILED\n${lines.slice(10).join("")}\n0 passed, 0 failed\n`);
  });
});
