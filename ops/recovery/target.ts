import { execa } from "execa";
import type { VersionHistory, Versions } from "../../components/versions.js";
import { RecoveryError } from "./errors.js";

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
 * @throws RecoveryError when the engine does not know the stack, or it has no backups
 */
export async function readTarget(stack: string): Promise<RecoveryTarget> {
  const args = ["stack", "output", "--stack", stack, "--json", "--show-secrets", "--non-interactive"];
  const { exitCode, stdout, stderr } = await execa("pulumi", args, { reject: false });
  if (exitCode !== 0) throw new RecoveryError(`The outputs of stack ${stack} cannot be read: ${stderr.trim()}`);
  return targetOf(stack, JSON.parse(stdout) as Outputs);
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
