import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterReader } from "../kubernetes/api-client";
import { type ScheduleObject, scheduleProblem } from "./schedule-look";

/** Velero does not take a schedule. */
export class ScheduleNotEnabledError extends Error {
  /** Stable name of the error. */
  readonly code = "BACKUP_SCHEDULE_NOT_ENABLED";
  override readonly name = "ScheduleNotEnabledError";
}

/** How the waiting goes. */
export interface ScheduleWaiting {
  readonly namespace: string;
  /** Names of the schedules. */
  readonly schedules: readonly string[];
  readonly timeoutSeconds: number;
  /** For so long all schedules have to stand well: what a look finds right after a change may be from before. */
  readonly settleSeconds: number;
  readonly pauseSeconds: number;
}

/**
 * Waits until Velero has taken every schedule.
 * @throws ScheduleNotEnabledError with Velero's reason when one is refused, or the time is over
 */
export async function waitUntilEnabled(reader: ClusterReader, waiting: ScheduleWaiting): Promise<void> {
  const { namespace, pauseSeconds, schedules, settleSeconds, timeoutSeconds } = waiting;
  const begin = Date.now();
  const passed = () => (Date.now() - begin) / 1000;
  for (;;) {
    const problems = await problemsOf(reader, namespace, schedules);
    if (problems.length === 0 && passed() >= settleSeconds) return;
    const isRefused = problems.some((problem) => problem.includes("refuses"));
    // Refused may be from before the change, too.
    if ((isRefused && passed() >= settleSeconds) || passed() >= timeoutSeconds)
      throw new ScheduleNotEnabledError(problems.join("\n"));
    await sleep(pauseSeconds * 1000);
  }
}

async function problemsOf(reader: ClusterReader, namespace: string, names: readonly string[]): Promise<string[]> {
  try {
    const answer = await reader.get(`/apis/velero.io/v1/namespaces/${namespace}/schedules`);
    const { items = [] } = answer as { items?: (ScheduleObject & { metadata: { name: string } })[] };
    return names.flatMap((name) => {
      const found = items.find(({ metadata }) => metadata.name === name);
      return scheduleProblem(name, found) ?? [];
    });
  } catch (error) {
    return [
      `The cluster does not say how the schedules stand: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}
