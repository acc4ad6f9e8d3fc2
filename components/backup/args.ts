import type { Input, Resource } from "@pulumi/pulumi";
import type { Resources } from "../kubernetes/pods";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";
import type { ProbeApi } from "./probe-run";

/** Programs that serve S3 inside the cluster. */
export type StoreProgramName = "minio" | "seaweedfs" | "versitygw";

/** A store in the cluster: fast, and lost with the cluster. */
export interface InClusterLocation {
  /** Program that serves the store. */
  readonly kind: StoreProgramName;
  /** Name of the location. */
  readonly name: string;
  /** Takes backups that name no location. */
  readonly default: boolean;
  /** Size of the store's volume. */
  readonly storageSize: string;
  /** StorageClass of the volume. Absent: the cluster's default. */
  readonly storageClass: string | undefined;
  /** Raise by one to make the store's credentials anew. */
  readonly secretGeneration: number;
  /** Refuses to delete the volume. */
  readonly deletionProtection: boolean;
  /** Of the store's pod. */
  readonly resources: Resources;
}

/** A bucket on Google Cloud that the program makes. */
export interface GcsLocation {
  /** Tells it from the other kinds. */
  readonly kind: "gcs";
  /** Name of the location. */
  readonly name: string;
  /** Takes backups that name no location. */
  readonly default: boolean;
  /** Name of the bucket. Absent: made of project and customer. */
  readonly bucket: string | undefined;
  /** Project of the bucket. */
  readonly project: string;
  /** Region or multi-region. */
  readonly storageLocation: string;
  /** Nothing can be deleted or overwritten for this many days. Absent: no lock. */
  readonly retentionLockDays: number | undefined;
  /** How long deleted objects can be brought back, days. */
  readonly softDeleteDays: number;
}

/** A bucket in an S3 store that somebody else runs. */
export interface S3Location {
  /** Tells it from the other kinds. */
  readonly kind: "s3";
  /** Name of the location. */
  readonly name: string;
  /** Takes backups that name no location. */
  readonly default: boolean;
  /** Address of the store. */
  readonly endpoint: string;
  /** Region of the store; some name is needed even where the store has none. */
  readonly region: string;
  /** A bucket that exists. */
  readonly bucket: string;
  /** Bucket in the path, not in the host name. */
  readonly pathStyle: boolean;
  /** Access key id. */
  readonly accessKeyId: Input<string>;
  /** Secret access key. */
  readonly secretAccessKey: Input<string>;
  /** PEM of the CA of the store's certificate. Absent: a public CA. */
  readonly caCertificate: string | undefined;
  /** Encryption that is asked of the store for each object. Absent: none; the store may encrypt by itself. */
  readonly serverSideEncryption: "AES256" | undefined;
  /** Checksum that is sent with each object; `""` for none. Absent: by the store's address. */
  readonly checksumAlgorithm: "" | "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | undefined;
  /** The bucket must have object lock with at least this many days. Absent: it need not. */
  readonly objectLockDays: number | undefined;
}

/** Where backups go. */
export type Location = InClusterLocation | GcsLocation | S3Location;

/** When backups are made, of what, and how long they are kept. */
export interface Schedule {
  /** Name of the schedule. */
  readonly name: string;
  /** Five fields, UTC. */
  readonly cron: string;
  /** How long each backup is kept, such as `720h`. */
  readonly retention: string;
  /** Name of a location. */
  readonly location: string;
  /** Namespaces. Empty: the application's. */
  readonly namespaces: readonly string[];
}

/** How long Velero lets its work take, each a Go duration. */
export interface Timeouts {
  /** The copying of all volumes of a backup, or of a restore. */
  readonly fileSystemBackup: string;
  /** What plugins go on with by themselves, such as moving a snapshot's data. */
  readonly itemOperations: string;
}

/** Images, each with its tag, from upstream or a mirror. */
export interface BackupImages {
  /** Velero's. */
  readonly velero: string;
  /** Of Velero's plugin for S3 stores. */
  readonly pluginForAws: string;
  /** Of Velero's plugin for Google Cloud. */
  readonly pluginForGcp: string;
  /** MinIO's. */
  readonly minio: string;
  /** SeaweedFS'. */
  readonly seaweedfs: string;
  /** Of the Versity S3 gateway. */
  readonly versitygw: string;
  /** Any image with Node.js 20 or newer: runs the programs in `in-cluster/programs/`. */
  readonly node: string;
}

/** Arguments of the component `Backup`. */
export interface BackupArgs {
  /** Customer's name, a DNS label; on every object as a label. */
  readonly customer: string;
  /** Namespace made for Velero and the stores in the cluster. */
  readonly namespace: string;
  /** The application's namespace, backed up by schedules that name none. */
  readonly applicationNamespace: Input<string>;
  /** Images to run. */
  readonly images: BackupImages;
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, Input<string>>>;
  /** Where backups go. */
  readonly locations: readonly Location[];
  /** Directory in each bucket. Two stacks must not share one. */
  readonly prefix: string;
  /** When backups are made. */
  readonly schedules: readonly Schedule[];
  /** How long Velero lets its work take. */
  readonly timeouts: Timeouts;
  /** Of Velero's server. */
  readonly resources: Resources;
  /** Of each pod that copies a volume. */
  readonly volumeCopyResources: Resources;
  /** Password of the repositories of volume contents, from escrow. Absent: generated, once. */
  readonly repositoryPassword: Input<string> | undefined;
  /** The password of the last run; one that the stack would make now is refused then. Absent: there was none. */
  readonly lastRepositoryPassword: Input<string | undefined> | undefined;
  /** Project of the cluster on Google Cloud, whose workload identities it has. Absent: the bucket's project. */
  readonly clusterProject: string | undefined;
  /** Docker `config.json` with the credentials of the image registry. Absent: none needed. */
  readonly imagePullCredentials: Input<string> | undefined;
  /**
   * The cluster's API, called when a location, a schedule or a kind is made or changed: a backup proves the location, Velero
   * has to take the schedule, and objects stored in versions that go are rewritten.
   */
  readonly api: () => Promise<DefinitionsApi & ProbeApi>;
  /**
   * What has to be there before Velero's server starts, such as kinds that others bring. The server looks at the cluster's
   * kinds as it starts, and again after five minutes; when one is made in the middle of a look, each backup until the next
   * one is PartiallyFailed (https://github.com/velero-io/velero/issues/5658).
   */
  readonly startsAfter: readonly Resource[];
}

/** A location as the stack's outputs show it. */
export interface LocationSummary {
  /** Name of the location. */
  readonly name: string;
  /** Kind of the location, as in the settings. */
  readonly kind: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Directory in the bucket. */
  readonly prefix: string;
  /** Address of the store as Velero reaches it. */
  readonly endpoint: string;
  /** Whether it takes backups that name no location. */
  readonly default: boolean;
  /** What `pulumi destroy` does with the backups in it. */
  readonly afterDestroy: string;
}
