import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../lab/layout";

describe("the build of a checkout", () => {
  let checkout: string;
  const file = (name: string) => join(checkout, name);
  const write = (name: string, content: string) => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), content);
  };
  const compiled = () => readFileSync(file("dist/ops/answer.js"), "utf8");
  const build = () => spawnSync("bash", ["lab/bootstrap", "--build-only"], { cwd: checkout, encoding: "utf8" });
  const start = () => spawn("bash", ["lab/bootstrap", "--build-only"], { cwd: checkout, detached: true });
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));
  const drafts = () => readdirSync(checkout).filter((name) => name.startsWith("dist."));

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "build-"));
    for (const name of [
      "lab/bootstrap",
      "lab/node-path",
      "lab/build.mjs",
      "lab/client-bundle.mjs",
      "lab/program-bundle.mjs",
      "package-lock.json",
    ]) {
      mkdirSync(dirname(file(name)), { recursive: true });
      cpSync(join(projectRoot, name), file(name));
    }
    symlinkSync(join(projectRoot, "node_modules"), file("node_modules"));
    for (const folder of ["components", "policy", "ops", "lab", "test"]) write(`${folder}/index.ts`, "export {};");
    write("index.ts", 'import "./components";');
    write("components/kubernetes/client-node.ts", "export {};");
    write("ops/answer.ts", "export const answer: number = 1;");
    const { status, stderr } = build();
    assert.equal(status, 0, stderr);
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  it("is not made again from the same sources, packages and script", () => {
    const before = statSync(file("dist/ops/answer.js"));
    build();
    assert.equal(statSync(file("dist/ops/answer.js")).ino, before.ino);
    write("package-lock.json", `${readFileSync(file("package-lock.json"), "utf8")}\n`);
    const { status } = spawnSync("node", ["lab/build.mjs"], { cwd: checkout });
    assert.equal(status, 0);
    assert.notEqual(statSync(file("dist/ops/answer.js")).ino, before.ino);
  });

  it("has the programs that run in the cluster in the program's own file, wherever that lies", () => {
    const reader = "components/kubernetes/in-cluster-program.ts";
    write(reader, readFileSync(join(projectRoot, reader), "utf8"));
    write("components/share.ts", "export const word = 'shared';");
    write(
      "components/backup/in-cluster/programs/claim-prefix.ts",
      'import { word } from "../../../share"; console.log(word);',
    );
    write(
      "index.ts",
      'import { inClusterProgram } from "./components/kubernetes/in-cluster-program"; console.log(inClusterProgram("backup/claim-prefix"));',
    );
    assert.equal(build().status, 0);
    cpSync(file("dist/components/platform/bundle.js"), file("elsewhere/bundle.js"));
    rmSync(file("dist"), { recursive: true });
    const text = spawnSync("node", ["elsewhere/bundle.js"], { cwd: checkout, encoding: "utf8" }).stdout;
    assert.equal(spawnSync("node", ["-e", text], { encoding: "utf8" }).stdout, "shared\n", text);
  });

  it("follows its sources: what was edited, added and removed", () => {
    write("ops/answer.ts", "export const answer: number = 2;");
    write("ops/more.ts", "export {};");
    build();
    assert.match(compiled(), /answer = 2/);
    assert.ok(existsSync(file("dist/ops/more.js")));
    rmSync(file("ops/more.ts"));
    build();
    assert.ok(!existsSync(file("dist/ops/more.js")));
    assert.ok(existsSync(file("dist/ops/answer.js")));
  });

  it("has two commands at once end well, and no file missing meanwhile", async () => {
    write("ops/answer.ts", "export const answer: number = 2;");
    const both = Promise.all([ended(start()), ended(start())]);
    let running = true;
    void both.then(() => {
      running = false;
    });
    let looks = 0;
    for (; running; looks += 1) {
      assert.match(compiled(), /answer = [12]/);
      await sleep(1);
    }
    assert.deepEqual(await both, [0, 0]);
    assert.ok(looks > 10, `${looks} looks`);
    assert.match(compiled(), /answer = 2/);
    assert.deepEqual(drafts(), []);
  });

  it("leaves what there was when it is killed, and is made by the next command, which waits for nobody", async () => {
    for (const after of ["the draft is there", "it began"]) {
      write("ops/answer.ts", `export const answer: number = ${after.length};`);
      const child = start();
      const end = ended(child);
      while (after === "the draft is there" && drafts().length === 0 && child.exitCode === null) await sleep(1);
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await end;
      assert.match(compiled(), /answer = \d+/);
      const { status, stderr } = build();
      assert.equal(status, 0);
      assert.equal(stderr, "");
      assert.match(compiled(), new RegExp(`answer = ${after.length}`));
      assert.deepEqual(drafts(), []);
    }
  });

  it("says which line is wrong, without a stack trace, and leaves what there was", () => {
    write("ops/answer.ts", "export const answer: = 2;");
    const { status, stderr } = build();
    assert.equal(status, 1);
    assert.match(stderr, /ops\/answer\.ts:1:\d+/);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.match(compiled(), /answer = 1/);
    assert.deepEqual(drafts(), []);
  });
});
