import type { NamespaceOwnership } from "../kubernetes/namespace";
import type { Input, Resource } from "@pulumi/pulumi";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";

/** CPU and memory as Kubernetes quantities. */
export interface Resources {
  /** What the scheduler reserves. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What the kernel enforces; no limit of CPU where there is none. */
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** Programs that serve S3 inside the cluster. */
export type StoreProgramName = "minio" | "seaweedfs" | "versitygw";

/** A store in the cluster: fast, and lost with the cluster. */
export interface InClusterLocation {
  readonly kind: StoreProgramName;
  /** Name of the location. */
  readonly name: string;
  /** Takes backups that name no location. */
  readonly default: boolean;
  /** Size of the store's volume. */
  readonly storageSize: string;
  /** StorageClass of the volume. Default: the cluster's default. */
  readonly storageClass?: string;
  /** Raise by one to make the store's credentials anew. */
  readonly secretGeneration: number;
  /** Refuses to delete the volume. */
  readonly deletionProtection: boolean;
  /** Of the store's pod. */
  readonly resources: Resources;
}

/** A bucket on Google Cloud that the program makes. */
export interface GcsLocation {
  readonly kind: "gcs";
  readonly name: string;
  readonly default: boolean;
  /** Name of the bucket. Default: made of project and customer. */
  readonly bucket?: string;
  /** Project of the bucket. */
  readonly project: string;
  /** Region or multi-region. */
  readonly storageLocation: string;
  /** Nothing can be deleted or overwritten for this many days. Default: no lock. */
  readonly retentionLockDays?: number;
  /** How long deleted objects can be brought back, days. */
  readonly softDeleteDays: number;
}

/** A bucket in an S3 store that somebody else runs. */
export interface S3Location {
  readonly kind: "s3";
  readonly name: string;
  readonly default: boolean;
  /** Address of the store. Default: Amazon's. */
  readonly endpoint?: string;
  readonly region: string;
  /** A bucket that exists. */
  readonly bucket: string;
  /** Bucket in the path, not in the host name. */
  readonly pathStyle: boolean;
  readonly accessKeyId: Input<string>;
  readonly secretAccessKey: Input<string>;
  /** PEM of the CA of the store's certificate. Default: a public CA. */
  readonly caCertificate?: string;
  /** Encryption that is asked of the store for each object. Default: what the store does by itself. */
  readonly serverSideEncryption?: "AES256";
  /** The bucket must have object lock with at least this many days. Default: it need not. */
  readonly objectLockDays?: number;
}

/** Where backups go. */
export type Location = InClusterLocation | GcsLocation | S3Location;

/** When backups are made, of what, and how long they are kept. */
export interface Schedule {
  readonly name: string;
  /** Five fields, UTC. */
  readonly cron: string;
  /** How long each backup is kept, such as `720h`. */
  readonly retention: string;
  /** Name of a location. Default: the default one. */
  readonly location?: string;
  /** Namespaces. Empty: the application's. */
  readonly namespaces: readonly string[];
}

/** Images, each with its tag, from upstream or a mirror. */
export interface BackupImages {
  readonly velero: string;
  readonly pluginForAws: string;
  readonly pluginForGcp: string;
  readonly minio: string;
  readonly seaweedfs: string;
  readonly versitygw: string;
  /** Any image with Node.js 20 or newer: runs the two small programs in `in-cluster/`. */
  readonly node: string;
}

/** Arguments of the component `Backup`. */
export interface BackupArgs {
  /** Whose the namespace is: see `onprem:site.namespaces`. Default: the stack's own. */
  readonly namespaces?: NamespaceOwnership;
  /** Customer's name, a DNS label; on every object as a label. */
  readonly customer: string;
  /** Namespace made for Velero and the stores in the cluster. */
  readonly namespace: string;
  /** The application's namespace, backed up by schedules that name none. */
  readonly applicationNamespace: Input<string>;
  readonly images: BackupImages;
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, Input<string>>>;
  readonly locations: readonly Location[];
  /** Directory in each bucket. Two stacks must not share one. */
  readonly prefix: string;
  readonly schedules: readonly Schedule[];
  /** Of Velero's server. */
  readonly resources: Resources;
  /** Of each pod that copies a volume. */
  readonly volumeCopyResources: Resources;
  /** Password of the repositories of volume contents, from escrow. Default: generated, once. */
  readonly repositoryPassword?: Input<string>;
  /** Project of the cluster on Google Cloud, whose workload identities it has. Default: the bucket's project. */
  readonly clusterProject?: string;
  /** Docker `config.json` with the credentials of the image registry. Default: none needed. */
  readonly imagePullCredentials?: Input<string>;
  /**
   * How to look into the cluster, called when a location or a kind is changed. Default: what Velero found before the
   * change is taken for an answer, and nothing stored is rewritten.
   */
  readonly api?: () => Promise<DefinitionsApi>;
  /**
   * What has to be there before Velero's server starts, such as kinds that others bring. The server looks at the cluster's
   * kinds as it starts, and again after five minutes; when one is made in the middle of a look, each backup until the next
   * one is PartiallyFailed (https://github.com/velero-io/velero/issues/5658). Default: nothing.
   */
  readonly startsAfter?: readonly Resource[];
}

/** A location as the stack's outputs show it. */
export interface LocationSummary {
  readonly name: string;
  readonly kind: string;
  readonly bucket: string;
  readonly prefix: string;
  /** Address of the store as Velero reaches it. */
  readonly endpoint: string;
  readonly default: boolean;
  /** What `pulumi destroy` does with the backups in it. */
  readonly afterDestroy: string;
}
