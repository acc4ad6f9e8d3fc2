import { setTimeout as sleep } from "node:timers/promises";
import { reasonsInLog } from "../../components/grammars/logrus";
import { PROBE_LABEL } from "../../components/kubernetes/probe-mark";
import { addressRewrite } from "./address-rewrite";
import type { BackupSummary } from "./backup-choice";
import type { Cluster, ClusterObject } from "./cluster";
import { RecoveryError } from "./errors";
import { type RestoreWish, restoreSpecification } from "./restore-specification";
import { requireStore, type StoreStatus } from "./store-look";
import { isClean, type OperationStatus, operationProblem, volumeProblem } from "./velero-problems";

const ENDS = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];
/** A kind of Velero's, for {@link Cluster}. */
const kindOf = (plural: string) => `${plural}.v1.velero.io`;
const POLL_MILLISECONDS = 2000;
const PATIENCE_MILLISECONDS = 4 * 3_600_000;

/** A backup that is complete. */
export interface FinishedBackup {
  readonly name: string;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly volumes: number;
}

/** Velero, by its objects. */
export class Velero {
  constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * Makes a backup as a schedule does, and demands that it is whole: Completed without warnings, a copy of each claim.
   * @throws RecoveryError with the reason
   */
  async backUp(name: string, schedule: string, application: string): Promise<FinishedBackup> {
    const { spec } = await this.cluster.get(this.namespace, kindOf("schedules"), schedule);
    const template = spec?.template as { storageLocation: string };
    await this.requireLocation(template.storageLocation);
    await this.create("Backup", name, template);
    const status = await this.end(kindOf("backups"), name, template.storageLocation);
    const claims = await this.cluster.list(application, "persistentvolumeclaims");
    const copied = (await this.copies("backup", name)).filter((copy) => copy.phase === "Completed").length;
    const problem = (await this.problem("Backup", name, status)) ?? volumeProblem(claims.length, copied);
    if (problem) throw new RecoveryError(problem);
    const { startTimestamp: startedAt = "", completionTimestamp: completedAt = "" } = status;
    return { name, startedAt, completedAt, volumes: copied };
  }

  /** All backups of data that Velero knows, with how many volumes each has: what `pulumi up` proves a location by is none. */
  async backups(): Promise<BackupSummary[]> {
    const backups = await this.cluster.list(this.namespace, kindOf("backups"), `!${PROBE_LABEL}`);
    const copies = await this.cluster.list(this.namespace, kindOf("podvolumebackups"));
    return backups.map(({ metadata: { name }, spec = {}, status = {} }) => ({
      name,
      status: status as OperationStatus,
      namespaces: (spec.includedNamespaces ?? ["*"]) as string[],
      location: String(spec.storageLocation),
      volumes: copies.filter(({ metadata, status: copy }) => {
        return metadata.labels?.["velero.io/backup-name"] === name && copy?.phase === "Completed";
      }).length,
    }));
  }

  /**
   * Restores the application, into another namespace where one is given.
   * @returns what it warns of, when it is Completed with warnings
   * @throws RecoveryError with the reason, when it is not Completed
   */
  async restore(name: string, wish: RestoreWish, into = wish.application): Promise<string | undefined> {
    const beside = into === wish.application ? {} : await this.besideOriginal(name, wish.application, into);
    await this.create("Restore", name, { ...restoreSpecification(wish), ...beside });
    const status = await this.end(kindOf("restores"), name);
    const problem = await this.problem("Restore", name, status);
    if (problem && status.phase !== "Completed") throw new RecoveryError(problem);
    if (wish.extent === "namespace") await this.cluster.leaveOutTheClusterCertificate(into);
    return problem;
  }

  /** What makes a restored namespace a copy that leaves the original alone. */
  private async besideOriginal(name: string, application: string, into: string): Promise<object> {
    const rewrite = addressRewrite(await this.cluster.list(application, "configmaps"), application, into);
    const copy = {
      namespaceMapping: { [application]: into },
      // A copy's Ingress would take the application's requests.
      excludedResources: ["ingresses.networking.k8s.io"],
    };
    if (rewrite === undefined) return copy;
    const metadata = { name, namespace: this.namespace };
    await this.cluster.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "rules.yaml": rewrite } });
    return { ...copy, resourceModifier: { kind: "ConfigMap", name } };
  }

  /** Has Velero delete a backup, if there is one, with all that it has in the store. */
  async deleteBackup(name: string): Promise<void> {
    if (!(await this.cluster.find(this.namespace, kindOf("backups"), name))) return;
    await this.create("DeleteBackupRequest", name, { backupName: name });
  }

  /** Forgets a restore, and its rules; what it restored stays. */
  async deleteRestore(name: string): Promise<void> {
    const both = [`${kindOf("restores")}/${name}`, `configmaps/${name}`];
    await this.cluster.kubectl(["-n", this.namespace, "delete", ...both, "--ignore-not-found", "--wait=false"]);
  }

  /** Waits for Velero's next look at a store that it has not found. @throws RecoveryError when it does not get there */
  async requireLocation(name: string): Promise<void> {
    const look = async (): Promise<StoreStatus> =>
      (await this.cluster.get(this.namespace, kindOf("backupstoragelocations"), name)).status ?? {};
    await requireStore(name, look, () => this.pause());
  }

  /**
   * Why a backup or a restore that ended is no proof, with what the volumes' copies and the server's log say of it; nothing
   * when it is Completed without warnings.
   */
  async problem(kind: "Backup" | "Restore", name: string, status: OperationStatus): Promise<string | undefined> {
    if (isClean(status)) return undefined;
    const operation = kind === "Backup" ? "backup" : "restore";
    const copies = await this.copies(operation, name);
    const ofVolumes = copies.flatMap(({ phase, message }) => (phase === "Completed" ? [] : [message]));
    const log = await this.cluster.kubectl(["-n", this.namespace, "logs", "deployment/velero", "-c", "velero"]);
    const ofServer = reasonsInLog(log, `${operation}=${this.namespace}/${name}`);
    return operationProblem(kind, name, status, [...ofVolumes, ...ofServer]);
  }

  private pause(): Promise<unknown> {
    return sleep(POLL_MILLISECONDS, undefined, this.signal ? { signal: this.signal } : {});
  }

  private async create(kind: string, name: string, spec: object): Promise<void> {
    const metadata = { name, namespace: this.namespace };
    await this.cluster.create({ apiVersion: "velero.io/v1", kind, metadata, spec });
  }

  /** What became of each volume. */
  private async copies(operation: "backup" | "restore", name: string): Promise<{ phase?: string; message: string }[]> {
    const kind = kindOf(`podvolume${operation}s`);
    const copies = await this.cluster.list(this.namespace, kind, `velero.io/${operation}-name=${name}`);
    return copies.map(({ status = {} }) => ({ phase: status.phase as string, message: String(status.message ?? "") }));
  }

  /** Status at the end; a store that goes away meanwhile is an end too. */
  private async end(kind: string, name: string, location?: string): Promise<OperationStatus> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const object: ClusterObject = await this.cluster.get(this.namespace, kind, name);
      const status = (object.status ?? {}) as OperationStatus;
      if (ENDS.includes(status.phase ?? "")) return status;
      if (location) await this.requireLocation(location);
      if (Date.now() > deadline) throw new RecoveryError(`${name} stays ${status.phase ?? "unnoticed by Velero"}.`);
      await this.pause();
    }
  }
}
