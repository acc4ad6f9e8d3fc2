import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../lab/layout";

/** Plays the lab's command: one lab at a time holds the machine, which a file stands for; what was done is written down. */
const LAB_STAND_IN = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const root = process.env.ONPREM_LAB_ROOT ?? process.cwd() + "/.lab";
const command = process.argv[2];
const holder = existsSync("holder") ? readFileSync("holder", "utf8") : "";
if (command === "holder") return console.log(holder);
appendFileSync("done", command + " " + root.replace(process.cwd() + "/", "") + "\\n");
if (command === "up") {
  if (holder !== "" && holder !== root) process.exit(1);
  mkdirSync(root, { recursive: true });
  writeFileSync("holder", root);
}
if (command === "down" || command === "reset") rmSync("holder", { force: true });
if (command === "reset") rmSync(root, { recursive: true, force: true });
`;
/** What the command that is run does: it starts the lab that it is given, as tests do. */
const UP = "node dist/lab/cli.js up";

describe("test/own-lab", () => {
  let checkout: string;
  let running: ChildProcess | undefined;
  const file = (name: string) => join(checkout, name);
  const holder = () => (existsSync(file("holder")) ? readFileSync(file("holder"), "utf8") : undefined);
  const done = () => readFileSync(file("done"), "utf8").trim().split("\n");
  /** Without the lab in which these tests may run. */
  const { ONPREM_LAB_ROOT: _, ...env } = process.env;
  const lab = (...args: string[]) => spawnSync("node", ["dist/lab/cli.js", ...args], { cwd: checkout, env });
  const run = (script: string) =>
    spawnSync("test/own-lab", ["bash", "-c", script], { cwd: checkout, encoding: "utf8", env });

  /** Starts it with a command that waits, and returns once that has begun. */
  async function startWaiting(script = UP): Promise<ChildProcess> {
    running = spawn("test/own-lab", ["bash", "-c", `${script}; touch begun; exec sleep 600`], { cwd: checkout, env });
    while (!existsSync(file("begun"))) await sleep(20);
    return running;
  }
  const runs = (pid: string) =>
    existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));

  beforeEach(() => {
    checkout = realpathSync(mkdtempSync(join(tmpdir(), "own-lab-")));
    mkdirSync(file("dist/lab"), { recursive: true });
    mkdirSync(file("test"));
    cpSync(join(projectRoot, "test/own-lab"), file("test/own-lab"));
    mkdirSync(file("lab"));
    writeFileSync(file("lab/node-path"), "");
    writeFileSync(file("dist/lab/cli.js"), LAB_STAND_IN);
  });
  afterEach(() => {
    running?.kill("SIGKILL");
    rmSync(checkout, { recursive: true, force: true });
  });

  it("gives the command a lab of its own, of which nothing is left", () => {
    const { status } = run(`${UP} && [ "$ONPREM_LAB_ROOT" = "$PWD/.lab-tests" ] && exit 3`);
    assert.equal(status, 3);
    assert.equal(holder(), undefined);
    assert.ok(!existsSync(file(".lab-tests")));
    assert.ok(!existsSync(file(".lab")));
  });

  it("stops the checkout's lab meanwhile, keeps its state, and starts it again, whether the command failed or not", () => {
    for (const [script, expected] of [
      [UP, 0],
      [`${UP}; exit 4`, 4],
    ] as const) {
      lab("up");
      writeFileSync(file(".lab/parts.json"), '["core","backup"]');
      const { status, stderr } = run(script);
      assert.equal(status, expected);
      assert.equal(holder(), file(".lab"));
      assert.equal(readFileSync(file(".lab/parts.json"), "utf8"), '["core","backup"]');
      assert.match(
        stderr,
        /the lab of this checkout is stopped meanwhile.*\n.*the lab of this checkout runs again\.\n$/,
      );
    }
    assert.deepEqual(done().slice(1, 5), ["down .lab", "up .lab-tests", "reset .lab-tests", "up .lab"]);
  });

  it("leaves a lab stopped that was stopped", () => {
    lab("up");
    lab("down");
    assert.equal(run(UP).stderr, "");
    assert.equal(holder(), undefined);
    assert.ok(existsSync(file(".lab")));
  });

  it("puts everything back when it is interrupted, and ends what the command started", async () => {
    lab("up");
    const child = await startWaiting(`${UP}; (trap '' INT; sleep 600) & echo $! > started`);
    const end = ended(child);
    child.kill("SIGTERM");
    assert.equal(await end, 143);
    assert.equal(holder(), file(".lab"));
    assert.ok(!runs(readFileSync(file("started"), "utf8").trim()));
  });

  it("puts back at the next run what one that was killed left", async () => {
    lab("up");
    const child = await startWaiting(`${UP}; sleep 600 & echo $! > started`);
    const end = ended(child);
    child.kill("SIGKILL");
    await end;
    assert.equal(holder(), file(".lab-tests"));
    rmSync(file("done"));
    assert.equal(run(UP).status, 0);
    assert.ok(!runs(readFileSync(file("started"), "utf8").trim()));
    assert.deepEqual(done(), ["reset .lab-tests", "up .lab-tests", "reset .lab-tests", "up .lab"]);
    assert.equal(holder(), file(".lab"));
  });

  it("refuses, and runs nothing, while tests of the checkout run, or another checkout's lab", async () => {
    writeFileSync(file("holder"), "/home/me/other/.lab");
    const other = run("touch run");
    assert.equal(other.status, 75);
    assert.match(other.stderr, /the lab of \/home\/me\/other\/\.lab is running.*npm run lab down/);
    rmSync(file("holder"));
    await startWaiting();
    const second = run("touch run");
    assert.equal(second.status, 75);
    assert.match(second.stderr, /tests of this checkout run already/);
    assert.equal(holder(), file(".lab-tests"));
    assert.ok(!existsSync(file("run")));
  });
});
