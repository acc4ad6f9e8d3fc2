/** Proves a location by a backup: made, seen through to its end, and deleted again. */

import { reasonsInLog } from "../grammars/logrus";
import type { ClusterReader, RequestOptions } from "../kubernetes/api-client";
import { PROBE_LABEL } from "../kubernetes/probe-mark";
import {
  type BackupObject,
  busyWith,
  deletionOf,
  isProven,
  joined,
  type ProbeWish,
  probeBackup,
  probeContent,
  probeName,
  standingOf,
  wayOut,
} from "./probe";

/** What a probe needs of the Kubernetes API; what it rejects with has the HTTP status as `status`. */
export interface ProbeApi extends ClusterReader {
  get(path: string, options?: RequestOptions): Promise<unknown>;
  /** Makes one object, of the kind that `path` lists. */
  create(path: string, object: object): Promise<unknown>;
  /** Deletes one object; one that is gone already is fine. */
  delete(path: string): Promise<void>;
}

/** No backup can be made at a location, or what was made there cannot be deleted. */
export class LocationNotProvenError extends Error {
  /** Stable name of the error. */
  readonly code = "BACKUP_LOCATION_NOT_PROVEN";
  override readonly name = "LocationNotProvenError";
}

/** How a location is proven. */
export interface Proving extends ProbeWish {
  /** When the location was last changed, milliseconds since 1970. */
  readonly changedAt: number;
  /** What the location is told of checksums; absent where it is left to Velero. */
  readonly checksumAlgorithm?: string;
  /** How long it may take in all. */
  readonly timeoutSeconds: number;
  readonly pauseSeconds: number;
  /** The present, milliseconds since 1970. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

/** How it went; every other end is an error. */
export type Proof =
  | { readonly state: "proven"; readonly by: "probe" | "backup" }
  /** Nobody knows yet: Velero is at something else. */
  | { readonly state: "open"; readonly why: string };

const veleroPath = (namespace: string, kind: string) => `/apis/velero.io/v1/namespaces/${namespace}/${kind}`;
const corePath = (namespace: string, kind: string) => `/api/v1/namespaces/${namespace}/${kind}`;
/** Lines of the server's log that are read for reasons. */
const LOG_LINES = 4000;

/** One proof of one location. */
class Probe {
  private readonly name: string;
  private readonly end: number;
  /** Another backup that kept this one waiting. */
  private kept: string | undefined;

  constructor(
    private readonly api: ProbeApi,
    private readonly wish: Proving,
  ) {
    this.name = probeName(wish.location, new Date(wish.now()));
    this.end = wish.now() + wish.timeoutSeconds * 1000;
  }

  async run(): Promise<Proof> {
    const { location } = this.wish;
    if (isProven(await this.backups(), location, await this.since())) return { state: "proven", by: "backup" };
    await this.removeContents();
    await this.forgetOldRepositories();
    const { namespace } = this.wish;
    await this.api.create(corePath(namespace, "configmaps"), probeContent(this.name, this.wish));
    await this.api.create(veleroPath(namespace, "backups"), probeBackup(this.name, this.wish));
    const backup = await this.outcome();
    const standing = standingOf(backup);
    if (standing === "waiting" || standing === "running") return this.outOfTime(standing);
    await this.removeContents();
    if (standing === "failed") throw await this.failure(backup);
    return this.wish.lockDays === undefined ? this.clear() : { state: "proven", by: "probe" };
  }

  private async backups(): Promise<BackupObject[]> {
    return this.list<BackupObject>(veleroPath(this.wish.namespace, "backups"));
  }

  private async list<Kind>(path: string): Promise<Kind[]> {
    return ((await this.api.get(path)) as { items?: Kind[] }).items ?? [];
  }

  /** The server's pod, the newest first; its plugins came with it. */
  private async servers() {
    const path = `${corePath(this.wish.namespace, "pods")}?labelSelector=${encodeURIComponent("deploy=velero")}`;
    const pods = await this.list<{ metadata: { name: string; creationTimestamp?: string } }>(path);
    const born = (pod: (typeof pods)[number]) => Date.parse(pod.metadata.creationTimestamp ?? "") || 0;
    return pods.map((pod) => ({ name: pod.metadata.name, born: born(pod) })).sort((a, b) => b.born - a.born);
  }

  /** From when on a backup says something of the location and the plugin as they are now. */
  private async since(): Promise<number> {
    const [newest] = await this.servers();
    return Math.max(this.wish.changedAt, newest?.born ?? Number.POSITIVE_INFINITY);
  }

  /** What probes of this location have left in the cluster, those of killed runs too. */
  private async removeContents(): Promise<void> {
    const { location, namespace } = this.wish;
    const path = corePath(namespace, "configmaps");
    const selector = encodeURIComponent(`${PROBE_LABEL}=${location}`);
    const contents = await this.list<BackupObject>(`${path}?labelSelector=${selector}`);
    for (const { metadata } of contents) await this.api.delete(`${path}/${metadata.name}`);
  }

  /**
   * A location that was removed and made again may have another store behind it, and what Velero knows of the repositories
   * in the old one would fail each copy of a volume for minutes. It makes them anew, and finds what is there.
   */
  private async forgetOldRepositories(): Promise<void> {
    const { location, namespace } = this.wish;
    const path = veleroPath(namespace, "backupstoragelocations");
    const { metadata } = (await this.api.get(`${path}/${location}`)) as { metadata?: { creationTimestamp?: string } };
    const made = Date.parse(metadata?.creationTimestamp ?? "");
    interface Repository {
      metadata: { name: string; creationTimestamp?: string };
      spec?: { backupStorageLocation?: string };
    }
    for (const repository of await this.list<Repository>(veleroPath(namespace, "backuprepositories"))) {
      const { creationTimestamp = "", name } = repository.metadata;
      const isOlder = Date.parse(creationTimestamp) < made;
      if (repository.spec?.backupStorageLocation !== location || !isOlder) continue;
      await this.api.delete(`${veleroPath(namespace, "backuprepositories")}/${name}`);
    }
  }

  /** The probe at its end, or when the time is over. */
  private async outcome(): Promise<BackupObject> {
    const path = `${veleroPath(this.wish.namespace, "backups")}/${this.name}`;
    for (;;) {
      const backup = (await this.api.get(path)) as BackupObject;
      const standing = standingOf(backup);
      if (standing === "completed" || standing === "failed") return backup;
      if (standing === "waiting") this.kept = busyWith(await this.backups(), this.name)[0] ?? this.kept;
      if (this.wish.now() >= this.end) return backup;
      await this.wish.sleep(this.wish.pauseSeconds);
    }
  }

  private async outOfTime(standing: "waiting" | "running"): Promise<Proof> {
    const { location, timeoutSeconds } = this.wish;
    if (this.kept !== undefined) {
      const why = `Velero is busy with backup ${this.kept}, so that after ${timeoutSeconds} s nobody knows whether backups can be made at the location ${location}. The probe ${this.name} comes after it; the alert BackupProbeFailed tells when it fails.`;
      return { state: "open", why };
    }
    if (standing === "waiting") {
      throw new LocationNotProvenError(
        `Velero did not begin the backup ${this.name}, by which the location ${location} is proven, within ${timeoutSeconds} s: look whether its server runs. Then run pulumi up again.`,
      );
    }
    const said = await this.saidByServer();
    const store = said.length > 0 ? ` (Velero: ${joined(said)})` : "";
    throw new LocationNotProvenError(
      `The backup of one small object to the location ${location} was not done after ${timeoutSeconds} s: its store answers slowly, or not at all. Look at the store and the way to it, and run pulumi up again.${store}`,
    );
  }

  /** The errors of the probe in the server's log; none where the log is not to be had. */
  private async saidByServer(): Promise<string[]> {
    const { namespace } = this.wish;
    try {
      const [server] = await this.servers();
      const path = `${corePath(namespace, "pods")}/${server?.name}/log?container=velero&tailLines=${LOG_LINES}`;
      const log = String(await this.api.get(path, { text: true }));
      const fields = [`backuprequest=${namespace}/${this.name}`, `backup=${namespace}/${this.name}`];
      return [...fields, `backup=${this.name}`].flatMap((field) =>
        reasonsInLog(log.replace(/^.*level=(?!error).*$/gm, ""), field),
      );
    } catch {
      return [];
    }
  }

  private async failure({ status = {} }: BackupObject): Promise<LocationNotProvenError> {
    const { checksumAlgorithm, location, namespace } = this.wish;
    const { failureReason, phase, validationErrors = [] } = status;
    const own = [failureReason ?? "", ...validationErrors].filter((reason) => reason !== "");
    const reasons = own.length > 0 ? own : await this.saidByServer();
    // What is left of it in the store goes when Velero comes to it; a store that refuses this too has said enough.
    await this.api
      .create(veleroPath(namespace, "deletebackuprequests"), deletionOf(this.name, namespace))
      .catch(() => undefined);
    return new LocationNotProvenError(
      `No backup can be made at the location ${location}: a backup of one small object is ${phase}. ${wayOut(reasons, checksumAlgorithm)} (Velero: ${joined(reasons)})`,
    );
  }

  /** Has the probe deleted, in the store too: what cannot be deleted never expires. */
  private async clear(): Promise<Proof> {
    const { location, namespace } = this.wish;
    const requests = veleroPath(namespace, "deletebackuprequests");
    await this.api.create(requests, deletionOf(this.name, namespace));
    for (;;) {
      if (await this.isGone(`${veleroPath(namespace, "backups")}/${this.name}`))
        return { state: "proven", by: "probe" };
      const request = await this.found<{ status?: { phase?: string; errors?: string[] } }>(`${requests}/${this.name}`);
      const { errors = [], phase } = request?.status ?? {};
      if (phase === "Processed" && errors.length > 0) {
        throw new LocationNotProvenError(
          `Backups can be made at the location ${location}, but not deleted, so that none would ever expire: let its access key delete objects. Where a lock forbids it, say for how long: objectLockDays of the location. (Velero: ${joined(errors)})`,
        );
      }
      if (this.wish.now() >= this.end) {
        const why = `A backup was made at the location ${location}; Velero has not deleted it yet (${this.name}), and goes on with that.`;
        return { state: "open", why };
      }
      await this.wish.sleep(this.wish.pauseSeconds);
    }
  }

  private async found<Kind>(path: string): Promise<Kind | undefined> {
    try {
      return (await this.api.get(path)) as Kind;
    } catch (error) {
      if ((error as { status?: number }).status === 404) return undefined;
      throw error;
    }
  }

  private async isGone(path: string): Promise<boolean> {
    return (await this.found(path)) === undefined;
  }
}

/**
 * Proves that backups can be made at a location, unless one of data was made there since it was changed.
 * @throws LocationNotProvenError with the store's reason
 */
export function proveLocation(api: ProbeApi, wish: Proving): Promise<Proof> {
  return new Probe(api, wish).run();
}
