import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lab/layout";

/** The names of the compiled test files of a tier, as the tests' scripts have them. */
function filesOf(...args: string[]): string[] {
  const { status, stderr, stdout } = spawnSync(join(projectRoot, "test", "files"), args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split("\n");
}

describe("test/tiers.txt", () => {
  it("has every test file in one lane of one tier", () => {
    const written = readdirSync(join(projectRoot, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => `dist/test/${file.replace(/\.ts$/, ".js")}`);
    assert.deepEqual([...filesOf("first"), ...filesOf("further")].sort(), written.sort());
    assert.deepEqual(filesOf("all").sort(), written);
  });

  it("has nothing in the first tier that runs a program, or reads the mirror, of a part that npm start does not build", () => {
    for (const file of filesOf("first", "chart", "lab", "engine")) {
      const source = readFileSync(join(projectRoot, file.replace("dist/", "").replace(/\.js$/, ".ts")), "utf8");
      assert.doesNotMatch(source, /Promtool|mirrorFolders|BackupStack|GitOpsStack|MonitoringStack/, file);
    }
  });

  it("tells the files of some folders or lanes", () => {
    assert.deepEqual(filesOf("all", "drill"), ["dist/test/lab/backup/drill.test.js"]);
    assert.ok(filesOf("first", "unit", "chart").every((file) => /^dist\/test\/(unit|chart)\//.test(file)));
  });
});

/** A folder with copies of this project's scripts, where others stand in for what they call. */
class ScriptFolder {
  readonly path = mkdtempSync(join(tmpdir(), "test-run-"));

  constructor(...copied: string[]) {
    for (const name of copied) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      cpSync(join(projectRoot, name), join(this.path, name));
    }
  }

  write(name: string, content: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
    chmodSync(join(this.path, name), 0o755);
  }

  run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const PATH = `${join(this.path, "bin")}:${process.env.PATH}`;
    const env = { ...process.env, PATH, ONPREM_LAB_ROOT: join(this.path, "lab-root") };
    return spawnSync(join(this.path, script), args, { encoding: "utf8", env });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

describe("test/lanes", () => {
  let folder: ScriptFolder;
  beforeEach(() => {
    folder = new ScriptFolder("test/lanes", "test/files");
    mkdirSync(join(folder.path, "dist/test"), { recursive: true });
    for (const name of ["node_modules", "dist/test/unit"])
      symlinkSync(join(projectRoot, name), join(folder.path, name));
    folder.write(
      "test/tiers.txt",
      "# a comment\nfirst  one  lab/a\nfurther  two  lab/b engine/c\nfirst  three  unit/\n",
    );
    folder.write("lab/node-path", "");
    folder.write("lab-root/logs/etcd.log", "what etcd wrote\n");
    folder.write("bin/npx", "#!/bin/sh\n");
    folder.write("bin/npm", "#!/bin/sh\n");
    folder.write("test/apart", "#!/bin/sh\nexit 1\n");
    // Says what it was told, and fails for the file that is to fail.
    folder.write(
      "bin/node",
      '#!/bin/sh\necho "$*" >> calls\nif [ -e broken ] && echo "$*" | grep -q "$(cat broken)"; then echo "  1 failing"; exit 1; fi\necho "  1 passing (2s)"\n',
    );
  });
  afterEach(() => folder.remove());
  const calls = () => readFileSync(join(folder.path, "calls"), "utf8").split("\n");

  it("starts the lab with the core for the first tier, and runs its lanes with the static checks", () => {
    const { status } = folder.run("test/lanes", "results/first", "first");
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(join(folder.path, "results/first")).sort(), [
      "failed",
      "lab.log",
      "one.log",
      "sources.log",
      "three.log",
    ]);
    assert.ok(calls().includes("dist/lab/cli.js up"));
  });

  it("starts the lab with every part for the further one, and runs none of the first", () => {
    const { status } = folder.run("test/lanes", "results/further", "further");
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(join(folder.path, "results/further")).sort(), ["failed", "lab.log", "two.log"]);
    assert.ok(calls().includes("dist/lab/cli.js up --all"));
  });

  it("runs one lane where it is named", () => {
    assert.equal(folder.run("test/lanes", "results/all", "all", "two").status, 0);
    assert.deepEqual(readdirSync(join(folder.path, "results/all")).sort(), ["failed", "lab.log", "two.log"]);
    assert.match(folder.run("test/lanes", "results/all", "all", "four").stderr, /no lane .* is called four/);
  });

  it("fails and names the lane when a test fails, and when the lab does not start", () => {
    folder.write("broken", "lab/a");
    assert.equal(folder.run("test/lanes", "results/first", "first").status, 1);
    assert.equal(readFileSync(join(folder.path, "results/first/failed"), "utf8"), "one\n");
    assert.ok(existsSync(join(folder.path, "results/first/lab-logs/etcd.log")), "the lab's logs are kept");
    folder.write("broken", "up");
    assert.equal(folder.run("test/lanes", "results/first", "first").status, 1);
    assert.equal(readFileSync(join(folder.path, "results/first/failed"), "utf8"), "lab\n");
  });
});

describe(".ci/run", () => {
  let folder: ScriptFolder;
  beforeEach(() => {
    folder = new ScriptFolder(".ci/run", "test/summary");
    folder.write(
      "bin/npm",
      '#!/bin/sh\necho "npm $*" >> calls\ncase "$*" in *further) exec test/run further ;; *) exec test/run first ;; esac\n',
    );
    folder.write(
      "test/run",
      '#!/bin/sh\necho "$1" >> calls\nmkdir -p .test-results/$1\necho "  2 passing (3s)" > .test-results/$1/lane.log\nif [ -e fails-$1 ]; then echo "  1 failing" >> .test-results/$1/lane.log; echo lane > .test-results/$1/failed; exit 1; fi\n',
    );
  });
  afterEach(() => folder.remove());
  const calls = () => readFileSync(join(folder.path, "calls"), "utf8").trim().split("\n");

  it("runs npm test and then the further tier, once each, and ends with one count of both", () => {
    const { status, stdout } = folder.run(".ci/run");
    assert.equal(status, 0);
    assert.deepEqual(calls(), ["npm test --silent", "first", "npm run --silent test:further", "further"]);
    assert.match(stdout, /\n4 passed, 0 failed\n$/);
  });

  it("stops at the first tier when that fails", () => {
    folder.write("fails-first", "");
    const { status, stdout } = folder.run(".ci/run");
    assert.equal(status, 1);
    assert.deepEqual(calls(), ["npm test --silent", "first"]);
    assert.match(stdout, /\n2 passed, 1 failed\n$/);
  });

  it("fails when the further tier does", () => {
    folder.write("fails-further", "");
    const { status, stdout } = folder.run(".ci/run");
    assert.equal(status, 1);
    assert.match(stdout, /\n4 passed, 1 failed\n$/);
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
    writeFileSync(join(folder, "failed"), failed.map((lane) => `${lane}\n`).join(""));
    const run = spawnSync(join(projectRoot, "test", "summary"), [folder], { encoding: "utf8" });
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

  it("shows the end of a lane that came to no list of failures, and counts it as one", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);
    const closing = summary({ one: lines.join("") }, "one");
    assert.equal(closing, `\n== one FAILED\n${lines.slice(10).join("")}\n0 passed, 1 failed\n`);
  });
});
