import { setTimeout as sleep } from "node:timers/promises";
import { addressRewrite } from "./address-rewrite.js";
import type { Cluster, ClusterObject } from "./cluster.js";
import { DrillError } from "./errors.js";
import { type OperationStatus, operationProblem, volumeProblem } from "./velero-problems.js";

const ENDS = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];
const POLL_MILLISECONDS = 1000;
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
   * @throws DrillError with the reason
   */
  async backUp(name: string, schedule: string, application: string): Promise<FinishedBackup> {
    const { spec } = await this.cluster.get(this.namespace, "schedules.velero.io", schedule);
    const template = spec?.template as { storageLocation: string };
    await this.requireLocation(template.storageLocation);
    await this.create("Backup", name, template);
    const status = await this.end("backups.velero.io", name, template.storageLocation);
    const claims = await this.cluster.list(application, "persistentvolumeclaims");
    const copies = await this.cluster.list(this.namespace, "podvolumebackups", `velero.io/backup-name=${name}`);
    const copied = copies.filter((copy) => copy.status?.phase === "Completed").length;
    const problem = operationProblem("Backup", name, status) ?? volumeProblem(claims.length, copied);
    if (problem) throw new DrillError(problem);
    const { startTimestamp: startedAt = "", completionTimestamp: completedAt = "" } = status;
    return { name, startedAt, completedAt, volumes: copied };
  }

  /**
   * Restores a namespace, under another name where one is given.
   * @throws DrillError with the reason, when it is not Completed or has warnings
   */
  async restore(name: string, backup: string, application: string, into = application): Promise<void> {
    await this.create("Restore", name, {
      backupName: backup,
      includedNamespaces: [application],
      ...(into === application ? {} : await this.besideOriginal(name, application, into)),
    });
    const problem = operationProblem("Restore", name, await this.end("restores.velero.io", name));
    if (problem) throw new DrillError(problem);
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
    const args = ["-n", this.namespace, "get", "backups.velero.io", name, "--ignore-not-found", "-o", "name"];
    if ((await this.cluster.kubectl(args)).trim() === "") return;
    await this.create("DeleteBackupRequest", name, { backupName: name });
  }

  /** Forgets a restore, and its rules; what it restored stays. */
  async deleteRestore(name: string): Promise<void> {
    for (const kind of ["restores.velero.io", "configmaps"])
      await this.cluster.kubectl(["-n", this.namespace, "delete", kind, name, "--ignore-not-found", "--wait=false"]);
  }

  /** @throws DrillError when Velero does not get to the store */
  async requireLocation(name: string): Promise<void> {
    const { status } = await this.cluster.get(this.namespace, "backupstoragelocations.velero.io", name);
    if (status?.phase === "Available") return;
    throw new DrillError(
      `The store ${name} is ${status?.phase ?? "not looked at yet"}: ${status?.message ?? "no reason given"}`,
    );
  }

  private async create(kind: string, name: string, spec: object): Promise<void> {
    const metadata = { name, namespace: this.namespace };
    await this.cluster.create({ apiVersion: "velero.io/v1", kind, metadata, spec });
  }

  /** Status at the end; a store that goes away meanwhile is an end too. */
  private async end(kind: string, name: string, location?: string): Promise<OperationStatus> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const object: ClusterObject = await this.cluster.get(this.namespace, kind, name);
      const status = (object.status ?? {}) as OperationStatus;
      if (ENDS.includes(status.phase ?? "")) return status;
      if (location) await this.requireLocation(location);
      if (Date.now() > deadline) throw new DrillError(`${name} stays ${status.phase ?? "unnoticed by Velero"}.`);
      await sleep(POLL_MILLISECONDS, undefined, this.signal ? { signal: this.signal } : {});
    }
  }
}
