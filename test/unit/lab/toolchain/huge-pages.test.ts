import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putHugePagesBack, withHugePages } from "../../../../lab/toolchain/huge-pages";

/** A process id that no process has: the kernel gives none above 2^22. */
const NOBODY = "4194305";

describe("huge pages while Go is compiled", () => {
  let folder: string;
  const files = () => ({ setting: join(folder, "enabled"), record: join(folder, "record") });
  /** The kernel shows all values with the one in force in brackets, and takes one. */
  const inForce = () => readFileSync(files().setting, "utf8").replace(/.*\[(\w+)\].*\n?/, "$1");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "onprem-huge-pages-"));
    writeFileSync(files().setting, "always [madvise] never\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are on meanwhile, and as before afterwards", async () => {
    const during = await withHugePages(async () => inForce(), files());
    assert.equal(during, "always");
    assert.equal(inForce(), "madvise");
    assert.equal(existsSync(files().record), false);
  });

  it("are as before after a failure", async () => {
    await assert.rejects(
      withHugePages(() => Promise.reject(new Error("no space left")), files()),
      /no space left/,
    );
    assert.equal(inForce(), "madvise");
  });

  it("stay on until the last of several compilations of a process ends", async () => {
    let endFirst = () => {};
    const first = withHugePages(() => new Promise<void>((resolve) => (endFirst = resolve)), files());
    await withHugePages(async () => {}, files());
    assert.equal(inForce(), "always");
    endFirst();
    await first;
    assert.equal(inForce(), "madvise");
  });

  it("stay on while another process still compiles", async () => {
    mkdirSync(files().record);
    writeFileSync(join(files().record, "before"), "never");
    writeFileSync(join(files().record, String(process.ppid)), "");
    await withHugePages(async () => {}, files());
    assert.equal(inForce(), "always");
    assert.equal(readFileSync(join(files().record, "before"), "utf8"), "never");
  });

  it("are put back by the next start after a crash", () => {
    writeFileSync(files().setting, "[always] madvise never\n");
    mkdirSync(files().record);
    writeFileSync(join(files().record, "before"), "never");
    writeFileSync(join(files().record, NOBODY), "");
    putHugePagesBack(files());
    assert.equal(inForce(), "never");
    assert.equal(existsSync(files().record), false);
  });

  it("are left alone where a person has them on", async () => {
    writeFileSync(files().setting, "[always] madvise never\n");
    await withHugePages(async () => assert.equal(existsSync(files().record), false), files());
    assert.equal(readFileSync(files().setting, "utf8"), "[always] madvise never\n");
  });

  it("are gone without where the kernel has no such setting", async () => {
    rmSync(files().setting);
    assert.equal(await withHugePages(async () => "compiled", files()), "compiled");
    assert.equal(existsSync(files().setting), false);
  });

  it("are gone without where the setting may not be written", async () => {
    const readOnly = { ...files(), record: join(files().setting, "record") };
    assert.equal(await withHugePages(async () => inForce(), readOnly), "madvise");
  });

  it("are put back when the process is told to end, and it ends by that signal", async () => {
    const script = `
      const { withHugePages } = require(${JSON.stringify(require.resolve("../../../../lab/toolchain/huge-pages"))});
      withHugePages(() => new Promise(() => { console.log("on"); setInterval(() => {}, 1000); }), ${JSON.stringify(files())});`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    assert.equal(inForce(), "always");
    child.kill("SIGTERM");
    const [, signal] = (await once(child, "exit")) as [number | null, string];
    assert.equal(signal, "SIGTERM");
    assert.equal(inForce(), "madvise");
  });
});
