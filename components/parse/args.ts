import type { Input } from "@pulumi/pulumi";
import type { Ingress } from "../kubernetes/ingress";
import type { Resources } from "../kubernetes/pods";
import type { KubernetesApi } from "../kubernetes/release-history";

/** Bounds of the autoscaler. Excludes a fixed number of replicas; needs a metrics server in the cluster. */
export interface Autoscaling {
  /** Fewest pods. */
  readonly minReplicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** Average CPU use aimed at, percent of the request. */
  readonly targetCpuPercent: number;
}

/** A MongoDB replica set in the cluster. */
export interface MongodbDatabase {
  /** Tells it from the other kinds. */
  readonly kind: "mongodb";
  /** Number of members, odd. */
  readonly members: number;
  /** `required`: never two members on one node. `preferred`: only where there are enough nodes. */
  readonly antiAffinity: "required" | "preferred";
  /** Size of each member's volume. */
  readonly storageSize: string;
  /** StorageClass of the volumes. Absent: the cluster's default. */
  readonly storageClass: string | undefined;
  /** Of each member. */
  readonly resources: Resources;
}

/** One PostgreSQL server in the cluster, for small sites and the lab. */
export interface PostgresqlDatabase {
  /** Tells it from the other kinds. */
  readonly kind: "postgresql";
  /** Size of the volume. */
  readonly storageSize: string;
  /** StorageClass of the volume. Absent: the cluster's default. */
  readonly storageClass: string | undefined;
  /** Of the server. */
  readonly resources: Resources;
}

/** A database that someone else runs. */
export interface ExternalDatabase {
  /** Tells it from the other kinds. */
  readonly kind: "external";
  /** What the database is. */
  readonly engine: "mongodb" | "postgresql";
  /** Whole address with user and password. A changed address reaches the pods by itself. */
  readonly uri: Input<string>;
  /** PEM of the CA that signed the database's certificate. Absent: a public CA signed it. */
  readonly caCertificate: string | undefined;
  /** Where it is, as CIDR ranges, for the network policy. */
  readonly cidrs: readonly string[];
  /** Ports it answers on, for the network policy. */
  readonly ports: readonly number[];
}

/** Parse Dashboard, reached by port-forward only. */
export interface Dashboard {
  /** Installs it. */
  readonly enabled: boolean;
  /** Number of pods. */
  readonly replicas: number;
  /** Login name; the password is generated. */
  readonly user: string;
  /** Of each pod. */
  readonly resources: Resources;
}

/** Client keys that Parse Server can demand besides the application id. */
export type ClientKey = "javascript" | "rest" | "dotNet" | "client";

/** Images, each with its tag, from upstream or a mirror. */
export interface ParseImages {
  /** Parse Server's. */
  readonly parseServer: string;
  /** Parse Dashboard's. */
  readonly parseDashboard: string;
  /** MongoDB's. */
  readonly mongodb: string;
  /** PostgreSQL's. */
  readonly postgresql: string;
}

/** What is known when the program starts: all but the values of secrets. */
export interface ParseSettings {
  /** Customer's name, a DNS label; on every object as a label. */
  readonly customer: string;
  /** Namespace made for the application. */
  readonly namespace: string;
  /** Images to run. */
  readonly images: ParseImages;
  /** Number of Parse pods. Absent: `autoscaling` is given. */
  readonly replicas: number | undefined;
  /** Scales by CPU use. Absent: a fixed number of pods. */
  readonly autoscaling: Autoscaling | undefined;
  /** Of each Parse pod. */
  readonly resources: Resources;
  /** Path of the API. */
  readonly mountPath: string;
  /** Address by which clients reach the API. Absent: made from `ingress`, else the Service's own address. */
  readonly publicUrl: string | undefined;
  /** Addresses and CIDR ranges from which the master key is accepted besides the pod itself. */
  readonly masterKeyAllowedRanges: readonly string[];
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  readonly trustProxy: number;
  /** Lets clients create classes by saving to them. */
  readonly allowClientClassCreation: boolean;
  /** Client keys to generate and demand. Empty: the application id is enough. */
  readonly clientKeys: readonly ClientKey[];
  /** Raise by one to make the master key, the client keys and the dashboard's password anew. */
  readonly secretGeneration: number;
  /** How much Parse Server logs. */
  readonly logLevel: string;
  /** How long a user's session lasts, seconds. */
  readonly sessionLengthSeconds: number;
  /** Further Parse Server options without secrets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Parse Dashboard. */
  readonly dashboard: Dashboard;
  /** Public way in. Absent: reachable inside the cluster only. */
  readonly ingress: Ingress | undefined;
  /** Where Parse keeps its data. */
  readonly database: MongodbDatabase | PostgresqlDatabase | ExternalDatabase;
  /** Velero's hooks around the copying of the database's volumes, for a consistent copy. */
  readonly consistentCopies: boolean;
  /** Velero's time-outs, which those hooks must know. Absent: the chart's. */
  readonly copyTimeouts: CopyTimeouts | undefined;
  /** How long a stopping pod goes on serving, seconds. */
  readonly terminationDrainSeconds: number;
  /** PriorityClass of the pods. Absent: none. */
  readonly priorityClassName: string | undefined;
}

/** How long Velero lets its work take, each a Go duration. */
export interface CopyTimeouts {
  /** The hook before the copying of volumes. */
  readonly hook: string;
  /** The copying of volumes. */
  readonly copy: string;
}

/**
 * Who installs and upgrades the Helm release: this program, or a HelmRelease in Git. In between, at `handover`, the
 * program leaves the release as it is, and no longer uninstalls it when it is no longer its own.
 */
export type ReleasedBy = "program" | "handover" | "git";

/** Arguments of {@link ParseServer}. */
export interface ParseServerArgs extends ParseSettings {
  /**
   * The cluster's API beside the provider. With it a release that a killed run left half done is completed, and the
   * reasons why pods don't start are shown. Called when the release is about to change.
   */
  readonly api: () => Promise<KubernetesApi>;
  /** Docker `config.json` with the credentials of the image registry. Absent: none needed. */
  readonly imagePullCredentials: Input<string> | undefined;
  /** How long the release may take to become healthy before it is rolled back, seconds. */
  readonly timeoutSeconds: number;
  /** Refuses to delete what holds or opens the data: namespace, application id, database passwords. */
  readonly protectData: boolean;
  /** Who releases Parse Server. Namespace and Secrets are the program's in any case. */
  readonly releasedBy: ReleasedBy;
  /** Who did in the last run. Absent: nobody, as on a first run. */
  readonly lastReleasedBy: Input<ReleasedBy | undefined>;
}
