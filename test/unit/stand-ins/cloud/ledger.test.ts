import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { meetFaults } from "../../../../stand-ins/cloud/faults";
import { Ledger, type LedgerEntry, ledgerFolder } from "../../../../stand-ins/cloud/ledger";
import { TestLedger } from "../../../support/clouds/cloud-client";

const entry = (name: string): LedgerEntry => ({ type: "t", id: name, account: "", name, properties: {} });

describe("ledger of the stand-in clouds", () => {
  let ledger: TestLedger;
  beforeEach(() => {
    ledger = new TestLedger();
  });
  afterEach(() => ledger.remove());

  it("is where the environment says, which it has to", () => {
    assert.equal(ledgerFolder(), ledger.folder);
    for (const folder of ["", undefined]) {
      if (folder === undefined) delete process.env.ONPREM_CLOUD_LEDGER;
      else process.env.ONPREM_CLOUD_LEDGER = folder;
      assert.throws(ledgerFolder, { code: "LEDGER_FOLDER", message: /ONPREM_CLOUD_LEDGER.*npm run lab exec --/ });
    }
  });

  it("is empty before anything was written, and readable by its owner alone afterwards", async () => {
    assert.deepEqual(ledger.read(), { resources: [], retired: [], counters: {} });
    await ledger.change((content) => content.resources.push(entry("a")));
    assert.equal(statSync(ledger.file("ledger.json")).mode & 0o777, 0o600);
    assert.deepEqual(ledger.read().resources, [entry("a")]);
  });

  it("changes nothing when a change is refused, and gives the lock back", async () => {
    const refused = ledger.change((content, journal) => {
      content.resources.push(entry("a"));
      journal({ operation: "create", type: "t", name: "a", id: "a" });
      throw new Error("no");
    });
    await assert.rejects(refused, /^Error: no$/);
    assert.deepEqual([ledger.read().resources, ledger.journal()], [[], []]);
    assert.ok(!existsSync(ledger.file("lock")));
  });

  it("loses no change of processes that write at once", async () => {
    const script = `
      const { Ledger } = require(${JSON.stringify(join(__dirname, "../../../../stand-ins/cloud/ledger.js"))});
      const ledger = new Ledger(${JSON.stringify(ledger.folder)});
      const add = (n) => ledger.change((content, journal) => {
        content.resources.push({ type: "t", id: process.pid + "-" + n, account: "", name: "n", properties: {} });
        journal({ operation: "create", type: "t", name: "n", id: String(n) });
      });
      Promise.all(Array.from({ length: 20 }, (_, n) => add(n)));`;
    const writers = [1, 2, 3].map(() => spawn(process.execPath, ["-e", script], { stdio: "inherit" }));
    const ends = await Promise.all(writers.map((writer) => once(writer, "exit")));
    assert.deepEqual(
      ends.map(([code]) => code),
      [0, 0, 0],
    );
    assert.equal(new Set(ledger.read().resources.map(({ id }) => id)).size, 60);
    assert.equal(ledger.journal().length, 60);
  });

  it("takes over the lock of a process that was killed, and no other", async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    writeFileSync(ledger.file("lock"), String(gone.pid));
    await ledger.change((content) => content.resources.push(entry("a")));
    assert.equal(ledger.read().resources.length, 1);

    writeFileSync(ledger.file("lock"), String(process.pid));
    let changed = false;
    const waiting = ledger.change(() => {
      changed = true;
    });
    await new Promise((done) => setTimeout(done, 100));
    assert.equal(changed, false);
    writeFileSync(ledger.file("lock"), String(gone.pid));
    await waiting;
    assert.equal(changed, true);
  });

  it("names its file when that is damaged", () => {
    writeFileSync(ledger.file("ledger.json"), "{");
    assert.throws(() => ledger.read(), /ledger .*ledger\.json is damaged/);
  });
});

describe("faults of the stand-in clouds", () => {
  let ledger: TestLedger;
  beforeEach(() => {
    ledger = new TestLedger();
  });
  afterEach(() => ledger.remove());
  const creating = { type: "t", names: ["vm", "acme-vm"], operation: "create" } as const;

  it("happen to their type, name and operation only", async () => {
    ledger.order({ type: "t", name: "acme-vm", operation: "create", error: "quota exceeded" });
    await assert.rejects(meetFaults(ledger, creating), /^Error: quota exceeded$/);
    await meetFaults(ledger, { ...creating, operation: "delete" });
    await meetFaults(ledger, { ...creating, type: "other" });
    await meetFaults(ledger, { ...creating, names: ["other"] });
  });

  it("happen as often as they are ordered, and go away", async () => {
    ledger.order({ type: "*", operation: "create", error: "busy", times: 2 });
    for (const _ of [1, 2]) await assert.rejects(meetFaults(ledger, creating), /busy/);
    await meetFaults(ledger, creating);
    assert.equal(readFileSync(ledger.file("faults.json"), "utf8").trim(), "[]");
  });

  it("can be a delay without an error", async () => {
    ledger.order({ type: "t", operation: "create", delaySeconds: 0.2 });
    const started = Date.now();
    await meetFaults(ledger, creating);
    assert.ok(Date.now() - started >= 199);
  });

  it("are refused with the file's name when they are no list", async () => {
    writeFileSync(ledger.file("faults.json"), "nonsense");
    await assert.rejects(meetFaults(new Ledger(ledger.folder), creating), /faults\.json is no list of faults/);
  });
});
