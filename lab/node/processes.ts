import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seldomCollection } from "../garbage-collection";
import { paths } from "../layout";
import { tail, waitUntil } from "../steps";

/** A server of the lab, started as a child of the command and left running after it. */
export interface ServerProcess {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface ProcessRecord {
  readonly pid: number;
  /** In clock ticks since the machine started: tells a process from a later one with the same number. */
  readonly startTime: string;
}

/** The start time of a process, or undefined when it is gone or a zombie. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

const recordFile = (name: string) => join(paths.processes, `${name}.json`);

/** The log of a server. */
export const serverLog = (name: string): string => join(paths.logs, `${name}.log`);

/** The process id of a server of ours that runs, else undefined. */
export function runningPid(name: string): number | undefined {
  if (!existsSync(recordFile(name))) return undefined;
  const record = JSON.parse(readFileSync(recordFile(name), "utf8") || "{}") as Partial<ProcessRecord>;
  return record.pid !== undefined && startTimeOf(record.pid) === record.startTime ? record.pid : undefined;
}

/** Whether any server of a lab on this machine runs, of whichever checkout. */
export function anyServerRuns(): boolean {
  return startedServers().some((name) => runningPid(name) !== undefined);
}

/** The names of the servers that were started and not stopped. */
export function startedServers(): string[] {
  if (!existsSync(paths.processes)) return [];
  return readdirSync(paths.processes)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));
}

/** Becomes the program that it is given once it is told to on its input, and ends when the input does without a word. */
const WAIT_FOR_A_WORD = 'read -r word && exec "$@" < /dev/null';

/**
 * Starts a server unless it runs already. It is in a session of its own, so that Ctrl-C does not reach it, and begins
 * once it is on record: whenever this is killed, no server runs of which nobody knows.
 */
export function startServer(server: ServerProcess): void {
  if (runningPid(server.name) !== undefined) return;
  mkdirSync(paths.processes, { recursive: true });
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(serverLog(server.name), "a");
  const child = spawn("/bin/sh", ["-c", WAIT_FOR_A_WORD, "sh", server.program, ...server.args], {
    detached: true,
    stdio: ["pipe", log, log],
    env: { ...process.env, ...seldomCollection, ...server.env },
  });
  closeSync(log);
  child.on("error", () => {});
  if (child.pid === undefined) throw new Error(`${server.program} could not be started`);
  writeFileSync(recordFile(server.name), JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid) }));
  child.stdin?.on("error", () => {});
  child.stdin?.end("start\n");
  child.unref();
}

/**
 * Waits until a server answers.
 * @param ready asked again until it is true
 */
export async function waitForServer(name: string, ready: () => Promise<boolean>, seconds: number): Promise<void> {
  let died = false;
  await waitUntil(
    `${name} answers`,
    async () => {
      died = runningPid(name) === undefined;
      return died || (await ready());
    },
    seconds * 1000,
    () => `The end of ${serverLog(name)}:\n${tail(serverLog(name), 15)}`,
  );
  if (died) throw new Error(`${name} stopped. The end of ${serverLog(name)}:\n${tail(serverLog(name), 15)}`);
}

/** Stops a server: SIGTERM, then SIGKILL. Does nothing when it does not run. */
export async function stopServer(name: string, graceSeconds = 5): Promise<void> {
  const pid = runningPid(name);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const deadline = Date.now() + graceSeconds * 1000;
    while (runningPid(name) !== undefined && Date.now() < deadline) await new Promise((r) => setTimeout(r, 50));
    if (runningPid(name) !== undefined) process.kill(pid, "SIGKILL");
    while (runningPid(name) !== undefined) await new Promise((r) => setTimeout(r, 50));
  }
  rmSync(recordFile(name), { force: true });
}
