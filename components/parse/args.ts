import type { NamespaceOwnership } from "../kubernetes/namespace";
import type { Input } from "@pulumi/pulumi";
import type { KubernetesApi } from "./release-history";

/** CPU and memory as Kubernetes quantities. */
export interface Resources {
  /** What the scheduler reserves. */
  requests: { cpu: string; memory: string };
  /** What the kernel enforces; CPU is not limited by default, since throttling costs more than it protects. */
  limits: { cpu?: string; memory: string };
}

/** Bounds of the autoscaler. Excludes a fixed number of replicas; needs a metrics server in the cluster. */
export interface Autoscaling {
  /** Fewest pods. */
  minReplicas: number;
  /** Most pods. */
  maxReplicas: number;
  /** Average CPU use aimed at, percent of the request. */
  targetCpuPercent: number;
}

/** A MongoDB replica set in the cluster. */
export interface MongodbDatabase {
  kind: "mongodb";
  /** Number of members, odd. Default 3. */
  members?: number;
  /** `required`: never two members on one node. `preferred`: only where there are enough nodes. Default `required`. */
  antiAffinity?: "required" | "preferred";
  /** Size of each member's volume. Default 20Gi. */
  storageSize?: string;
  /** StorageClass of the volumes. Default: the cluster's default. */
  storageClass?: string;
  /** Of each member. Default: 500m CPU, 1Gi requested, 2Gi limit. */
  resources?: Resources;
}

/** One PostgreSQL server in the cluster, for small sites and the lab. */
export interface PostgresqlDatabase {
  kind: "postgresql";
  /** Size of the volume. Default 20Gi. */
  storageSize?: string;
  /** StorageClass of the volume. Default: the cluster's default. */
  storageClass?: string;
  /** Default: 250m CPU, 512Mi requested, 1Gi limit. */
  resources?: Resources;
}

/** A database that someone else runs. */
export interface ExternalDatabase {
  kind: "external";
  /** What the database is. */
  engine: "mongodb" | "postgresql";
  /** Whole address with user and password. A changed address reaches the pods by itself. */
  uri: Input<string>;
  /** PEM of the CA that signed the database's certificate. Default: none, the public CAs. */
  caCertificate?: string;
  /** Where it is, as CIDR ranges, for the network policy. Default: anywhere. */
  cidrs?: string[];
  /** Ports it answers on, for the network policy. Default: 27017 or 5432. */
  ports?: number[];
}

/** A public way in, HTTPS only. */
export interface Ingress {
  /** Public host name. */
  host: string;
  /** Ingress class. Default: the cluster's default. */
  className?: string;
  /** Annotations for the ingress controller. Default: none. */
  annotations?: Record<string, string>;
  /** The host's certificate: a Secret of the customer's, or a cert-manager ClusterIssuer that makes it. */
  tls: { secretName?: string; clusterIssuer?: string };
}

/** Parse Dashboard, reached by port-forward only. */
export interface Dashboard {
  /** Default false. */
  enabled?: boolean;
  /** Number of pods. Default 1. */
  replicas?: number;
  /** Login name; the password is generated. Default `admin`. */
  user?: string;
  /** Default: 50m CPU, 128Mi requested, 256Mi limit. */
  resources?: Resources;
}

/** Client keys that Parse Server can demand besides the application id. */
export type ClientKey = "javascript" | "rest" | "dotNet" | "client";

/** Images, each with its tag, from upstream or a mirror. */
export interface ParseImages {
  parseServer: string;
  parseDashboard: string;
  mongodb: string;
  postgresql: string;
}

/** What is known when the program starts: all but the values of secrets. */
export interface ParseSettings {
  /** Customer's name, a DNS label; on every object as a label. */
  customer: string;
  /** Namespace made for the application. Default `parse`. */
  namespace?: string;
  /** Images to run. */
  images: ParseImages;
  /** Number of Parse pods. Default 2, unless `autoscaling` is given. */
  replicas?: number;
  /** Scales by CPU use instead. Default: off. */
  autoscaling?: Autoscaling;
  /** Of each Parse pod. Default: 250m CPU, 512Mi requested, 1Gi limit. */
  resources?: Resources;
  /** Path of the API. Default `/parse`. */
  mountPath?: string;
  /** Address by which clients reach the API. Default: made from `ingress`, else the Service's own address. */
  publicUrl?: string;
  /** Addresses and CIDR ranges from which the master key is accepted besides the pod itself. Default: none. */
  masterKeyAllowedRanges?: string[];
  /** Number of proxies in front whose X-Forwarded-For is believed. Default 0. */
  trustProxy?: number;
  /** Lets clients create classes by saving to them. Default false. */
  allowClientClassCreation?: boolean;
  /** Client keys to generate and demand. Default: none, the application id is enough. */
  clientKeys?: ClientKey[];
  /** Raise by one to make the master key, the client keys and the dashboard's password anew. Default 1. */
  secretGeneration?: number;
  /** Default `info`. */
  logLevel?: string;
  /** How long a user's session lasts, seconds. Default one year. */
  sessionLengthSeconds?: number;
  /** Further Parse Server options without secrets. Default: none. */
  options?: Record<string, unknown>;
  /** Default: not installed. */
  dashboard?: Dashboard;
  /** Default: none, reachable inside the cluster only. */
  ingress?: Ingress;
  /** Where Parse keeps its data. Default: a MongoDB replica set of 3. */
  database?: MongodbDatabase | PostgresqlDatabase | ExternalDatabase;
  /** Velero's hooks around the copying of the database's volumes, for a consistent copy. Default false. */
  consistentCopies?: boolean;
  /** How long a stopping pod goes on serving, seconds. Default 15. */
  terminationDrainSeconds?: number;
  /** PriorityClass of the pods. Default: none. */
  priorityClassName?: string;
}

/**
 * Who installs and upgrades the Helm release: this program, or a HelmRelease in Git. In between, at `handover`, the
 * program leaves the release as it is, and no longer takes it away when it is no longer its own.
 */
export type ReleasedBy = "program" | "handover" | "git";

/** Arguments of {@link ParseServer}. */
export interface ParseServerArgs extends ParseSettings {
  /** Whose the namespace is: see `onprem:site.namespaces`. Default: the stack's own. */
  namespaces?: NamespaceOwnership;
  /**
   * The cluster's API beside the provider. With it a release that a killed run left half done is taken up again, and
   * the reasons why pods don't start are told. Called when the release is about to change. Default: neither.
   */
  api?: () => Promise<KubernetesApi>;
  /** Docker `config.json` with the credentials of the image registry. Default: none needed. */
  imagePullCredentials?: Input<string>;
  /** Folder of the chart. Default: `charts/parse-server` of this project. */
  chart?: string;
  /** How long the release may take to become healthy before it is rolled back, seconds. Default 600. */
  timeoutSeconds?: number;
  /** Refuses to delete what holds or opens the data: namespace, application id, database passwords. Default false. */
  protectData?: boolean;
  /** Who releases Parse Server. Namespace and Secrets are the program's in any case. Default `program`. */
  releasedBy?: ReleasedBy;
  /** Who did in the last run. Default: nobody, as on a first run. */
  lastReleasedBy?: Input<ReleasedBy | undefined>;
}
