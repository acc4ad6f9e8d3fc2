import { DRILL_PASSED, DRILL_RECORD, type DrillRecord, drillRecord } from "../../components/platform/drill-record";
import type { Versions } from "../../components/platform/versions";
import type { Cluster } from "../recovery/cluster";
import type { DrillResult } from "./results";

const MILLISECONDS_AN_HOUR = 3_600_000;

/** The record of a drill. Pure. */
export function recordOf(result: DrillResult, versions: Versions, now: Date): DrillRecord {
  const { passed, reason, backup, lost, recoveries } = result;
  const times = (of: "recoverySeconds" | "lostDataSeconds") => recoveries.map((recovery) => recovery[of]);
  return {
    at: now.toISOString(),
    passed,
    ...(reason === undefined ? {} : { reason }),
    ...(backup ? { backup: { name: backup.name, completedAt: backup.completedAt } } : {}),
    versions,
    lost,
    ...(recoveries.length > 0
      ? {
          recoverySeconds: Math.max(...times("recoverySeconds")),
          lostDataSeconds: Math.max(...times("lostDataSeconds")),
        }
      : {}),
  };
}

/**
 * Leaves a drill's record in Velero's namespace; that of the last drill that passed stays beside one that failed. For
 * monitoring, a ConfigMap is as old as the last drill that passed.
 */
export async function leaveRecord(cluster: Cluster, namespace: string, record: DrillRecord): Promise<void> {
  const { name, last, passed } = DRILL_RECORD;
  const text = JSON.stringify(record);
  const before = await cluster.find(namespace, "configmaps", DRILL_RECORD.name);
  const labels = { "app.kubernetes.io/part-of": "onprem-platform" };
  await cluster.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels },
    data: { ...before?.data, [last]: text, ...(record.passed ? { [passed]: text } : {}) },
  });
  if (!record.passed) return;
  await cluster.makeAnew({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: DRILL_PASSED, namespace, labels },
    immutable: true,
    data: { backup: record.backup?.name ?? "" },
  });
}

/** What the cluster remembers of its drills. */
export interface RememberedDrills {
  readonly last?: DrillRecord;
  readonly passed?: DrillRecord;
}

/** Reads what the drills left. */
export async function readRecords(cluster: Cluster, namespace: string): Promise<RememberedDrills> {
  const map = await cluster.find(namespace, "configmaps", DRILL_RECORD.name);
  const last = drillRecord(map?.data?.[DRILL_RECORD.last]);
  const passed = drillRecord(map?.data?.[DRILL_RECORD.passed]);
  return { ...(last ? { last } : {}), ...(passed ? { passed } : {}) };
}

/** In a sentence: when a restore was last proven, and whether that is recent enough. Pure. */
export function ageOf(
  { last, passed }: RememberedDrills,
  now: Date,
  maximumAgeDays: number,
): { text: string; recent: boolean } {
  if (!passed) return { text: "No restore was ever proven by a drill.", recent: false };
  const hours = (now.getTime() - Date.parse(passed.at)) / MILLISECONDS_AN_HOUR;
  const proven = `The last proven restore is ${hours.toFixed(1)} hours old: ${passed.at}, backup ${passed.backup?.name}, recovery ${passed.recoverySeconds?.toFixed(0)} s.`;
  const failed = last && !last.passed ? ` The last drill, of ${last.at}, failed: ${last.reason}` : "";
  return { text: proven + failed, recent: hours <= maximumAgeDays * 24 };
}
