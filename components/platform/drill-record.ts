import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { KubernetesApiClient, KubernetesApiError } from "../kubernetes/api-client";
import { readKubeconfig } from "../kubernetes/kubeconfig";
import type { Settings } from "../settings";
import type { LastOutputs } from "./last-outputs";
import { sameVersions, type VerifiedBackup, type Versions } from "./versions";

/** The ConfigMap in Velero's namespace in which the drill leaves its record, and its keys. */
export const DRILL_RECORD = { name: "onprem-drill-record", last: "last.json", passed: "last-passed.json" } as const;
/**
 * The ConfigMap beside it that each drill that passed makes anew: the time of its creation is a metric of
 * kube-state-metrics, which reads no content.
 */
export const DRILL_PASSED = "onprem-drill-passed";

const schema = z.object({
  at: z.iso.datetime(),
  passed: z.boolean(),
  reason: z.string().optional(),
  backup: z.object({ name: z.string(), completedAt: z.iso.datetime() }).optional(),
  versions: z.record(z.string(), z.string()),
  lost: z.array(z.string()),
  recoverySeconds: z.number().optional(),
  lostDataSeconds: z.number().optional(),
});

/** What a drill leaves in the cluster for the next upgrade, and for whoever asks when a restore was last proven. */
export interface DrillRecord {
  /** When the drill ended, ISO 8601. */
  readonly at: string;
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly reason?: string;
  /** The backup that was restored; absent when it was not made. */
  readonly backup?: VerifiedBackup;
  /** Versions that the stack had deployed. */
  readonly versions: Versions;
  /** What was lost and restored: `nothing` (a copy beside it), `objects`, `volume`, `namespace`. */
  readonly lost: readonly string[];
  /** The longest recovery of those, seconds. */
  readonly recoverySeconds?: number;
  /** Between the start of the backup and the loss, seconds. */
  readonly lostDataSeconds?: number;
}

/** What must hold for a record to speak for an upgrade. */
export interface RecordDemands {
  /** Versions that the stack has deployed. */
  readonly deployed: Versions;
  readonly now: Date;
  /** How old the drill may be, days. */
  readonly maximumAgeDays: number;
}

/** What a record says: a backup that is proven, or why it speaks for none. */
export type DrillEvidence = { readonly backup: VerifiedBackup } | { readonly doubt: string };

const MILLISECONDS_A_DAY = 86_400_000;

/** A record out of the ConfigMap's data; nothing when there is none, or it cannot be read. Pure. */
export function drillRecord(text: string | undefined): DrillRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? "")).data as DrillRecord | undefined;
  } catch {
    return undefined;
  }
}

/**
 * What the last drill says of an upgrade. A failed drill is not outweighed by one that passed before it, and one of
 * other versions proved other software. Pure.
 */
export function evidenceOf(record: DrillRecord | undefined, demands: RecordDemands): DrillEvidence {
  const { deployed, now, maximumAgeDays } = demands;
  if (!record) return { doubt: "no drill has left a record that can be read" };
  const { at, passed, reason, backup, versions } = record;
  if (!passed) return { doubt: `the last drill, of ${at}, failed: ${reason ?? "no reason given"}` };
  if (!backup) return { doubt: `the last drill, of ${at}, names no backup` };
  if (!sameVersions(versions, deployed))
    return { doubt: `the last drill, of ${at}, was of other versions than those deployed` };
  const days = (now.getTime() - Date.parse(at)) / MILLISECONDS_A_DAY;
  if (days > maximumAgeDays)
    return {
      doubt: `the last drill is ${Math.floor(days)} days old; onprem:backup.drill.maximumAgeDays is ${maximumAgeDays}`,
    };
  return { backup };
}

/**
 * The backup that the last drill proved, for a change of the deployed versions; looked up in the cluster, beside the
 * engine, and only when asked. A record that cannot be had leaves the gate closed, with a warning that says why.
 * @param last outputs of the last run: they know the way into a cluster that this run makes
 */
export function verifiedBackupReader(settings: Settings, last: pulumi.Output<LastOutputs>) {
  return (deployed: Versions): pulumi.Output<VerifiedBackup | undefined> => {
    const { backup, cluster, policy } = settings;
    if (!backup) return pulumi.output(undefined);
    const context = cluster.kind === "existing" ? cluster.context : undefined;
    const own =
      cluster.kind === "existing"
        ? (cluster.kubeconfigContents ?? readKubeconfig(pulumi.getRootDirectory(), cluster.kubeconfig ?? "", context))
        : undefined;
    const found = pulumi.all([own, last]).apply(async ([kubeconfig, { kubeconfig: lastOne }]) => {
      const record = await readRecord(kubeconfig ?? lastOne ?? "", context, backup.namespace);
      const { maximumAgeDays } = backup.drill;
      const evidence =
        typeof record === "string"
          ? { doubt: record }
          : evidenceOf(record, { deployed, now: new Date(), maximumAgeDays });
      if ("backup" in evidence) return evidence.backup;
      if (policy.production) await pulumi.log.warn(`No backup is verified for this upgrade: ${evidence.doubt}.`);
      return undefined;
    });
    // The kubeconfig is secret; what the record says is not.
    return pulumi.unsecret(found);
  };
}

/** The record of the last drill, nothing where there is none, or why it cannot be read. */
async function readRecord(
  kubeconfig: string,
  context: string | undefined,
  namespace: string,
): Promise<DrillRecord | string | undefined> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${DRILL_RECORD.name}`;
  try {
    const { data } = (await new KubernetesApiClient(kubeconfig, context).get(path)) as {
      data?: Record<string, string>;
    };
    return drillRecord(data?.[DRILL_RECORD.last]);
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return undefined;
    return `the drill's record cannot be read: ${(error as Error).message}`;
  }
}
