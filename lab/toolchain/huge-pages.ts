import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the kernel keeps how memory is given out, and where it is written down what a setting was before. */
export interface HugePageFiles {
  /** The kernel's setting, which reads as `always [madvise] never`. */
  readonly setting: string;
  /** A folder that does not outlive a restart of the machine, as the setting does not. */
  readonly record: string;
}

const ofThisMachine: HugePageFiles = {
  setting: "/sys/kernel/mm/transparent_hugepage/enabled",
  record: "/run/onprem-huge-pages",
};

/** The value in force, or undefined where the kernel has no such setting. */
function valueInForce(setting: string): string | undefined {
  return existsSync(setting) ? /\[(\w+)\]/.exec(readFileSync(setting, "utf8"))?.[1] : undefined;
}

function set(setting: string, value: string): boolean {
  try {
    writeFileSync(setting, value);
    return true;
  } catch {
    return false;
  }
}

const isAlive = (pid: string) => existsSync(`/proc/${pid}`);

/** The processes that want huge pages and still run; what those left that were killed is removed. */
function users(record: string): string[] {
  if (!existsSync(record)) return [];
  const pids = readdirSync(record).filter((name) => /^\d+$/.test(name));
  for (const pid of pids.filter((one) => !isAlive(one))) rmSync(join(record, pid), { force: true });
  return pids.filter(isAlive);
}

/**
 * Puts the setting back that a compilation changed, unless another one still runs. Does nothing where none did; also for
 * what one left that was killed.
 */
export function putHugePagesBack(files: HugePageFiles = ofThisMachine): void {
  const before = join(files.record, "before");
  if (users(files.record).length > 0) return;
  if (existsSync(before)) set(files.setting, readFileSync(before, "utf8"));
  rmSync(files.record, { recursive: true, force: true });
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How many parts of this process want huge pages now. */
let wanted = 0;

/**
 * Does something with memory in huge pages, for every program on the machine: the compiler's page faults cost less.
 * Puts the setting back at the end, and when the process is told to end; what a killed one leaves, the next one or
 * {@link putHugePagesBack} does. Goes on without where the setting may not be written.
 * See https://docs.kernel.org/admin-guide/mm/transhuge.html
 */
export async function withHugePages<T>(work: () => Promise<T>, files: HugePageFiles = ofThisMachine): Promise<T> {
  wanted += 1;
  if (wanted === 1) switchOn(files);
  try {
    return await work();
  } finally {
    wanted -= 1;
    if (wanted === 0) switchOff();
  }
}

/** Undoes what {@link switchOn} did, if it did anything. */
let switchOff = (): void => {};

function switchOn(files: HugePageFiles): void {
  putHugePagesBack(files);
  const mark = join(files.record, String(process.pid));
  const end = () => {
    rmSync(mark, { force: true });
    putHugePagesBack(files);
  };
  switchOff = () => {};
  const before = valueInForce(files.setting);
  const otherUses = existsSync(files.record);
  if (before === undefined || (before === "always" && !otherUses) || !record(files, before, mark)) return;
  if (!set(files.setting, "always")) {
    end();
    return;
  }
  // A listener keeps the process from ending by the signal, so it is sent again without one.
  const endBy = (signal: NodeJS.Signals) => {
    switchOff();
    process.kill(process.pid, signal);
  };
  for (const name of signals) process.on(name, endBy);
  process.once("exit", end);
  switchOff = () => {
    for (const name of signals) process.removeListener(name, endBy);
    process.removeListener("exit", end);
    end();
  };
}

function record({ record: folder }: HugePageFiles, before: string, mark: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(join(folder, "before"))) writeFileSync(join(folder, "before"), before);
    writeFileSync(mark, "");
    return true;
  } catch {
    return false;
  }
}
