import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { paths } from "../../../lab/layout";
import { mirrorFolders } from "../../../lab/mirror";
import { listObjects, readObject } from "../../../lab/node/cluster-api";
import { kubectlWith } from "../../../lab/node/start";
import { Cluster } from "../../../ops/recovery/cluster";
import { Velero } from "../../../ops/recovery/velero";
import { LabStack, type StackSettings } from "../../support/lab/lab-stack";
import { found, until } from "../../support/lab/until";

/** Requests small enough for two cores. */
const small = { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "768Mi" } };

/** A Velero object, as far as the tests look at it. */
export interface VeleroObject {
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  status?: {
    phase?: string;
    failureReason?: string;
    lastValidationTime?: string;
    warnings?: number;
    errors?: number;
    message?: string;
    hookStatus?: { hooksAttempted?: number; hooksFailed?: number };
    progress?: { bytesDone?: number };
  };
}

/** What {@link BackupStack.writeOutside} writes. */
export interface OutsideSettings {
  readonly store: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secret: string;
  };
  readonly repositoryPassword?: string;
  readonly parse?: object;
}

/** A stack of the dev settings with Velero in a namespace of its own and a store in the cluster. */
export class BackupStack extends LabStack {
  /** Namespace of Velero. */
  readonly velero: string;

  /** @param platform whose place it takes; default: a platform of its own name */
  constructor(name: string, platform = name) {
    super(name, { attached: true, platform });
    this.velero = `velero-${platform}`;
  }

  override settings(): StackSettings {
    const settings = super.settings("dev");
    return {
      ...settings,
      sources: { ...(settings.sources as object), manifests: mirrorFolders.manifests },
      backup: {
        namespace: this.velero,
        locations: [
          {
            kind: "versitygw",
            name: "inside",
            default: true,
            storageSize: "2Gi",
            deletionProtection: false,
            resources: small,
          },
        ],
        schedules: [{ name: "yearly", cron: "0 0 1 1 *", retention: "48h" }],
        resources: small,
        volumeCopyResources: small,
      },
    };
  }

  /** Writes the settings with a change of the `backup` section. */
  writeBackup(change: (backup: Record<string, unknown>) => Record<string, unknown>): void {
    const settings = this.settings();
    this.write({ ...settings, backup: change(settings.backup as Record<string, unknown>) });
  }

  /** Gives a location its keys, as an operator does. Default: the second. */
  async giveKeys(accessKeyId: string, secretAccessKey: string, location = 1): Promise<void> {
    const path = `onprem:backup.locations[${location}]`;
    const keys = Object.entries({ accessKeyId, secretAccessKey });
    const settings = keys.flatMap(([key, value]) => ["--secret", `${path}.${key}=${value}`]);
    await this.succeed("config", "set-all", "--path", ...settings);
  }

  /**
   * Writes the settings with a store outside as the only location, and gives it its keys.
   * @param repositoryPassword from escrow; default: one is generated
   * @param parse a change of the `parse` section
   */
  async writeOutside({ store, repositoryPassword, parse }: OutsideSettings): Promise<void> {
    const { endpoint, bucket, accessKeyId, secret } = store;
    const outside = { kind: "s3", name: "outside", default: true, endpoint, bucket, region: "us-east-1" };
    const settings = this.settings();
    const backup = { ...(settings.backup as object), locations: [outside] };
    this.write({ ...settings, backup, parse: { ...settings.parse, ...parse } });
    await this.giveKeys(accessKeyId, secret, 0);
    if (repositoryPassword === undefined) return;
    const path = "onprem:backup.repositoryPassword";
    await this.succeed("config", "set", "--secret", "--path", path, repositoryPassword);
  }

  /** Velero's objects of a kind, by its plural name. */
  veleroObjects(kind: string, selector = ""): Promise<VeleroObject[]> {
    return listObjects<VeleroObject>(`${kind}.v1.velero.io`, this.velero, selector);
  }

  /**
   * Waits until a location is Available. One look of Velero's at a store may fail for no fault of the store's
   * (ops/recovery/store-look.ts), and what starts before the next one is refused.
   */
  async available(location: string): Promise<void> {
    await this.until("backupstoragelocations", location, ({ status }) => status?.phase === "Available");
  }

  /** Starts a backup as the schedule would make it. Default: at the default location. */
  async startBackup(name: string, location?: string): Promise<void> {
    const locations = await this.veleroObjects("backupstoragelocations");
    const chosen = locations.find(({ metadata, spec }) => (location ? metadata.name === location : spec.default));
    if (!chosen) throw new Error(`Velero has no location ${location ?? "that is the default"}`);
    await this.available(chosen.metadata.name);
    const [schedule] = await this.veleroObjects("schedules");
    const template = schedule?.spec.template as Record<string, unknown>;
    await this.apply("Backup", name, { ...template, ...(location ? { storageLocation: location } : {}) });
  }

  /** Makes an object of Velero's. */
  async apply(kind: string, name: string, spec: object): Promise<void> {
    const object = { apiVersion: "velero.io/v1", kind, metadata: { name, namespace: this.velero }, spec };
    await kubectlWith(object, "create");
  }

  /** Waits until an object of Velero's has come to an end, whichever. */
  async end(kind: string, name: string): Promise<VeleroObject> {
    return this.until(kind, name, (object) => ENDS.includes(object.status?.phase ?? ""));
  }

  /** Waits until an object of Velero's is as it should be. */
  async until(kind: string, name: string, fits: (object: VeleroObject) => boolean): Promise<VeleroObject> {
    const read = () => readObject<VeleroObject>(`${kind}.v1.velero.io`, this.velero, name);
    const explain = async () => `It stays ${JSON.stringify((await read()).status)}`;
    return found(`${kind} ${name}`, async () => [await read()].find(fits), { explain });
  }

  /** Waits until Velero has found a backup in a store, which it looks through once a minute. */
  async found(backup: string): Promise<void> {
    const isThere = async () => (await this.veleroObjects("backups")).some(({ metadata }) => metadata.name === backup);
    await until(`The backup ${backup} in the cluster`, isThere);
  }

  /** A backup from its start to its end. */
  async backUp(name: string, location?: string): Promise<VeleroObject> {
    await this.startBackup(name, location);
    return this.end("backups", name);
  }

  /** A backup that must be Completed. @throws Error with what Velero says of it */
  async completeBackup(name: string, location?: string): Promise<VeleroObject> {
    const backup = await this.backUp(name, location);
    if (backup.status?.phase === "Completed") return backup;
    const cluster = new Cluster(readFileSync(paths.kubeconfig, "utf8"));
    try {
      throw new Error(await new Velero(cluster, this.velero).problem("Backup", name, backup.status ?? {}));
    } finally {
      cluster.close();
    }
  }

  /** A backup that is at the copying of volumes. @throws AssertionError when it ended before it was seen at that */
  async copying(name: string): Promise<void> {
    await this.startBackup(name);
    const caught = async () => {
      const copies = await this.copiesOf(name);
      if (copies.some(({ status }) => COPYING.includes(status?.phase ?? ""))) return "copying";
      const [backup] = (await this.veleroObjects("backups")).filter(({ metadata }) => metadata.name === name);
      return ENDS.find((phase) => phase === backup?.status?.phase);
    };
    const seen = await found(`The copying of ${name}`, caught, { pollMilliseconds: 50 });
    assert.equal(seen, "copying", `${name} was over before it was caught copying`);
  }

  /** What was copied of volumes in a backup. */
  copiesOf(backup: string): Promise<VeleroObject[]> {
    return this.veleroObjects("podvolumebackups", `velero.io/backup-name=${backup}`);
  }
}

/** Phases that nothing follows. */
const ENDS = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];
/** Phases of a volume's copy before its end. */
const COPYING = ["Prepared", "InProgress", "Accepted"];
