import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCampaign } from "./campaign";
import { tableOf, withFigures } from "./page";
import type { CampaignPart } from "./part";
import { broken, ResultsFile, sumsOf } from "./results";

describe("a campaign", () => {
  let folder: string;
  let results: ResultsFile;
  let done: number[];
  let running = 0;
  const say = () => undefined;
  const part: CampaignPart = {
    description: "Counts.",
    figures: { tried: { title: "tried", goal: 12 }, wrong: { title: "wrong", goal: 0 } },
    pieces: 4,
    start: async (seed) => {
      running += 1;
      return {
        piece: async (number) => {
          done.push(number);
          return { counts: { tried: 3, wrong: seed === 13 ? 1 : 0 }, findings: [] };
        },
        stop: async () => {
          running -= 1;
        },
      };
    },
  };

  /** A run in which each look at the clock takes a second. */
  const run = (seconds: number, seed = 1, commit = "abc") => {
    let time = Date.UTC(2026, 10, 30);
    const now = () => (time += 1000);
    return runCampaign({ name: "counting", part, seed, deadline: time + seconds * 1000, commit, results, say, now });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "campaign-test-"));
    results = new ResultsFile(join(folder, "results", "results.jsonl"));
    done = [];
    running = 0;
  });
  afterEach(() => {
    assert.equal(running, 0);
    rmSync(folder, { recursive: true });
  });

  it("stops in time, goes on where it stopped, and ends when all is done", async () => {
    await run(4);
    assert.deepEqual(done, [0]);
    await run(100);
    assert.deepEqual(done, [0, 1, 2, 3]);
    await run(100);
    assert.deepEqual(done, [0, 1, 2, 3]);
  });

  it("begins anew with another seed, and on another commit", async () => {
    await run(100);
    await run(100, 2);
    await run(100, 1, "def");
    assert.equal(done.length, 12);
  });

  it("sums over the runs of one commit, and tells what is not 0 that should be", async () => {
    await run(100);
    await run(100, 13);
    await run(100, 1, "def");
    const sums = sumsOf(part, results.of("counting", "abc"));
    assert.deepEqual(sums, { tried: 24, wrong: 4 });
    assert.deepEqual(broken(part, sums), ["wrong: 4"]);
    assert.deepEqual(broken(part, sumsOf(part, results.of("counting", "def"))), []);
  });

  it("counts no piece twice, and reads past the line that a killed run left", async () => {
    await run(4);
    appendFileSync(join(folder, "results", "results.jsonl"), '{"part":"counting","se');
    await run(100);
    assert.deepEqual(done, [0, 1, 2, 3]);
    assert.equal(results.of("counting", "abc").length, 4);
  });

  it("leaves a piece that can't be done for a run in which it can", async () => {
    const without: CampaignPart = {
      ...part,
      start: async () => ({ piece: async () => undefined, stop: async () => undefined }),
    };
    const now = () => 0;
    await runCampaign({ name: "counting", part: without, seed: 1, deadline: 1, commit: "abc", results, say, now });
    assert.deepEqual(results.of("counting", "abc"), []);
    await run(100);
    assert.deepEqual(done, [0, 1, 2, 3]);
  });

  it("puts its figures into their place in the page, and leaves the rest alone", async () => {
    await run(100);
    const page = "before\n<!-- campaign counting: begin -->\nold\n<!-- campaign counting: end -->\nafter\n";
    const figures = tableOf(part, results.of("counting", "abc"));
    assert.match(figures, /^Of commit abc, on 2026-11-30, 4 pieces of work with the seeds 1:\n/);
    assert.match(figures, /\| tried +\| 12 +\| 12 +\|\n\| wrong +\| 0 +\| 0 +\|$/);
    const written = withFigures(withFigures(page, "counting", "other"), "counting", figures);
    assert.equal(written.startsWith("before\n") && written.endsWith("after\n"), true);
    assert.ok(written.includes(figures) && !written.includes("old") && !written.includes("other"));
    assert.throws(() => withFigures("", "counting", figures), /no place for the part counting/);
  });
});
