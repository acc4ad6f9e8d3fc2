/**
 * A stand-in for mongosh and one mongod, for tests of the chart's backup-lock.sh: a program called `mongosh`, which runs the
 * script that it is given, and a file with what the server has in memory.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectChart } from "../../../components/parse/chart";

/** What a server has in memory. */
export interface Server {
  /** Another one after a restart. */
  process: string;
  role: "primary" | "secondary" | "neither";
  /** fsyncLock counts. */
  locks: number;
  up: boolean;
  /** How long `fsync` takes, milliseconds. */
  lockMilliseconds: number;
}

const MONGOSH = `#!${process.execPath}
const fs = require("node:fs");
const vm = require("node:vm");
const stateFile = process.env.SERVER_FILE;
const read = () => JSON.parse(fs.readFileSync(stateFile, "utf8"));
const change = (more) => fs.writeFileSync(stateFile, JSON.stringify({ ...read(), ...more }));
const wait = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
function runCommand(body) {
  const server = read();
  if (!server.up) throw new Error("connect ECONNREFUSED 127.0.0.1:27017");
  const [name] = Object.keys(body);
  if (name === "hello") return { ok: 1, topologyVersion: { processId: server.process }, isWritablePrimary: server.role === "primary", secondary: server.role === "secondary" };
  if (name === "currentOp") return server.locks > 0 ? { ok: 1, fsyncLock: true } : { ok: 1 };
  if (name === "fsync") { wait(server.lockMilliseconds); change({ locks: server.locks + 1 }); return { ok: 1, lockCount: server.locks + 1 }; }
  if (name === "fsyncUnlock" && server.locks > 0) { change({ locks: server.locks - 1 }); return { ok: 1 }; }
  return { ok: 0, errmsg: name + " called when not locked" };
}
const files = { "/mongodb-scripts/replica-set.json": '{"rootUser":"root"}', "/mongodb-secrets/databaseRootPassword/value": "password\\n" };
const script = process.argv[process.argv.indexOf("--file") + 1];
vm.runInNewContext(fs.readFileSync(script, "utf8"), {
  require: () => ({ readFileSync: (path) => files[path] }),
  process, encodeURIComponent, print: console.log, quit: (code) => process.exit(code),
  Mongo: function () { return { getDB: () => ({ runCommand }) }; },
});
`;

/** A pod of the chart's with such a member: its scripts, and where they keep what they know. */
export class MongodbMember {
  private readonly folder = mkdtempSync(join(tmpdir(), "mongodb-member-"));
  private readonly serverFile = join(this.folder, "server.json");
  private readonly script = join(this.folder, "scripts", "backup-lock.sh");
  private readonly environment: NodeJS.ProcessEnv;

  /**
   * @param hookSeconds how long Velero waits for a hook
   * @param copySeconds how long Velero lets the copying take
   */
  constructor(hookSeconds = 60, copySeconds = 60) {
    const scripts = join(this.folder, "scripts");
    cpSync(join(projectChart("parse-server"), "files", "mongodb"), scripts, { recursive: true });
    this.setTimeouts(hookSeconds, copySeconds);
    mkdirSync(join(this.folder, "bin"));
    writeFileSync(join(this.folder, "bin", "mongosh"), MONGOSH, { mode: 0o755 });
    this.environment = {
      PATH: `${join(this.folder, "bin")}${delimiter}${process.env.PATH}`,
      SERVER_FILE: this.serverFile,
      BACKUP_LOCK_FOLDER: join(this.folder, "state"),
    };
    const server: Server = { process: "first", role: "primary", locks: 0, up: true, lockMilliseconds: 0 };
    writeFileSync(this.serverFile, JSON.stringify(server));
  }

  get server(): Server {
    return JSON.parse(readFileSync(this.serverFile, "utf8"));
  }

  /** Something that happens to the server. */
  change(more: Partial<Server>): void {
    writeFileSync(this.serverFile, JSON.stringify({ ...this.server, ...more }));
  }

  setTimeouts(hookSeconds: number, copySeconds: number): void {
    writeFileSync(join(this.folder, "scripts", "hook-seconds"), `${hookSeconds}`);
    writeFileSync(join(this.folder, "scripts", "copy-seconds"), `${copySeconds}`);
  }

  /** Runs a hook, as Velero does. */
  hook(task: "lock" | "unlock"): { status: number | null; reason: string } {
    const { status, stderr } = spawnSync("bash", [this.script, task], { env: this.environment, encoding: "utf8" });
    return { status, reason: stderr };
  }

  /** The same, and ends every process that it left, as a restart of its container does. */
  async hookAndRestart(task: "lock" | "unlock"): Promise<void> {
    const hook = spawn("bash", [this.script, task], { env: this.environment, detached: true, stdio: "ignore" });
    await new Promise((resolve) => hook.once("exit", resolve));
    process.kill(-(hook.pid ?? 0), "SIGKILL");
  }

  /** What the container does every ten seconds (run-replica-set.sh). */
  watch(): void {
    execFileSync("bash", [this.script, "guard"], { env: this.environment, timeout: 30_000 });
  }

  /** Waits until the server has that many locks. */
  async untilLocks(locks: number): Promise<void> {
    for (let attempt = 0; this.server.locks !== locks; attempt += 1) {
      if (attempt > 300) throw new Error(`${this.server.locks} locks, not ${locks}`);
      await sleep(100);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
