import { readFileSync } from "node:fs";

/** What all processors of the machine did until now, seconds. */
export interface MachineTime {
  /** With work, of whichever program. */
  readonly busy: number;
  /** With and without. */
  readonly all: number;
}

/** The kernel counts in hundredths of a second, whatever its clock: https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100;

/**
 * Reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
 * See https://man7.org/linux/man-pages/man5/proc_stat.5.html
 */
export function machineTime(stat = readFileSync("/proc/stat", "utf8")): MachineTime {
  const ticks = (stat.split("\n")[0] ?? "").trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: (all - idle) / TICKS_PER_SECOND, all: all / TICKS_PER_SECOND };
}

/** The share of the processors' time between two readings that was busy, 0 to 1. */
export function busyShare(from: MachineTime, to: MachineTime): number {
  return to.all === from.all ? 0 : (to.busy - from.busy) / (to.all - from.all);
}

/**
 * CPU seconds of this process, what it replaced (a shell that became Node.js), and its ended children with theirs. Servers
 * that were left running are not in it.
 */
export function ownCpuSeconds(stat = readFileSync("/proc/self/stat", "utf8")): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}
