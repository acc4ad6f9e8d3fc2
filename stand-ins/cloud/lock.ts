import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const RETRY_MILLISECONDS = 10;
const GIVE_UP_MILLISECONDS = 30_000;
/** A lock file without a process id in it is being written; older than this it was left behind. */
const EMPTY_MILLISECONDS = 2_000;

/**
 * Runs `action` while no other process holds the lock. A lock that a killed process left behind is taken over.
 *
 * @param file the lock: it exists while somebody holds it, and holds that process's id.
 * @param action must be synchronous: it runs to its end before the lock is given back.
 */
export async function withLock<Result>(file: string, action: () => Result): Promise<Result> {
  const end = Date.now() + GIVE_UP_MILLISECONDS;
  while (!tryLock(file)) {
    if (Date.now() > end) throw new Error(`the lock ${file} is held for ${GIVE_UP_MILLISECONDS / 1000} s: remove it`);
    removeIfLeftBehind(file);
    await sleep(RETRY_MILLISECONDS * (0.5 + Math.random()));
  }
  try {
    return action();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLock(file: string): boolean {
  try {
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeIfLeftBehind(file: string): void {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    const leftBehind = holder > 0 ? !isRunning(holder) : Date.now() - statSync(file).mtimeMs > EMPTY_MILLISECONDS;
    // Two waiting processes may both get here, and the slower one remove the faster one's new lock: the content tells.
    if (leftBehind && Number(readFileSync(file, "utf8")) === holder) rmSync(file, { force: true });
  } catch {
    // Given back in the meantime.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
