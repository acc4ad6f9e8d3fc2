import type { VersionHistory, Versions } from "../../components/platform/versions";
import { readOutputs } from "../engine";
import { RecoveryError } from "./errors";

/** What a drill or a restore needs to know of a stack. */
export interface RecoveryTarget {
  readonly stack: string;
  /** Namespace of the application. */
  readonly namespace: string;
  /** Namespace of Velero. */
  readonly velero: string;
  /** Schedule whose template the drill's backup has. */
  readonly schedule: string;
  readonly service: string;
  /** Mount path of Parse's API, such as `/parse`. */
  readonly mountPath: string;
  readonly applicationId: string;
  readonly masterKey: string;
  /** Versions that the last run deployed. */
  readonly versions: Versions;
  /** Text of the kubeconfig; absent where the environment's is used. */
  readonly kubeconfig?: string;
}

interface Outputs {
  parse?: { namespace: string; service: string; internalUrl: string; applicationId: string; masterKey: string };
  backup?: { namespace: string; schedules: string[] } | null;
  versions?: VersionHistory;
  kubeconfig?: string;
}

/**
 * A stack as its outputs describe it.
 * @throws EngineError when the engine cannot say
 * @throws RecoveryError when the stack has no backups
 */
export async function readTarget(stack: string): Promise<RecoveryTarget> {
  return targetOf(stack, await readOutputs<Outputs>(stack));
}

/** The target in a stack's outputs. Pure. */
export function targetOf(stack: string, { parse, backup, versions, kubeconfig }: Outputs): RecoveryTarget {
  if (!parse) throw new RecoveryError(`Stack ${stack} has no output parse: run pulumi up first.`);
  const schedule = backup?.schedules[0];
  if (!backup || schedule === undefined)
    throw new RecoveryError(`Stack ${stack} has no backups: give it onprem:backup with a schedule, and run pulumi up.`);
  const { namespace, service, internalUrl, applicationId, masterKey } = parse;
  const mountPath = new URL(internalUrl).pathname.replace(/\/$/, "");
  const known = { namespace, service, mountPath, applicationId, masterKey, versions: versions?.current ?? {} };
  return { stack, ...known, velero: backup.namespace, schedule, ...(kubeconfig ? { kubeconfig } : {}) };
}
