import type { NamespaceOwnership } from "../kubernetes/namespace";
import type { Input } from "@pulumi/pulumi";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";

/** CPU and memory as Kubernetes quantities. */
export interface Resources {
  /** What the scheduler reserves. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What the kernel enforces; no limit of CPU where there is none. */
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** How grave an alert is. */
export type Severity = "critical" | "warning" | "info";

interface ReceiverBase {
  /** Name of the receiver, a DNS label; each name once. */
  readonly name: string;
  /** Alerts that it gets. */
  readonly severities: readonly Severity[];
}

/** A Slack channel. */
export interface SlackReceiver extends ReceiverBase {
  readonly kind: "slack";
  /** Channel with its `#`. */
  readonly channel: string;
  /** Address of an incoming webhook. */
  readonly webhookUrl: Input<string>;
}

/** E-mail through a relay. */
export interface EmailReceiver extends ReceiverBase {
  readonly kind: "email";
  readonly to: readonly string[];
  readonly from: string;
  /** `host:port` of the relay. */
  readonly smarthost: string;
  /** Login at the relay. Default: none. */
  readonly username?: string;
  readonly password?: Input<string>;
  /** Refuses to send without TLS. */
  readonly requireTls: boolean;
}

/** PagerDuty, Events API v2. */
export interface PagerDutyReceiver extends ReceiverBase {
  readonly kind: "pagerduty";
  /** Integration key. */
  readonly routingKey: Input<string>;
}

/** Any HTTP endpoint that takes Alertmanager's JSON. */
export interface WebhookReceiver extends ReceiverBase {
  readonly kind: "webhook";
  readonly url: string;
  /** Token for the Authorization header. Default: none. */
  readonly bearerToken?: Input<string>;
}

/** Who is told of alerts. */
export type Receiver = SlackReceiver | EmailReceiver | PagerDutyReceiver | WebhookReceiver;

/** When Alertmanager speaks, and to whom. Lengths of time as Prometheus writes them. */
export interface Notifications {
  readonly receivers: readonly Receiver[];
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
  /** Where the always-firing Watchdog alert is posted. Default: nowhere. */
  readonly watchdogUrl?: string;
}

/** A schedule of backups, as far as its age is watched. */
export interface WatchedSchedule {
  readonly name: string;
  /** Age of the last good backup from which on it is too old, hours. */
  readonly maximumAgeHours: number;
}

/** The restore drill, as far as its age is watched. */
export interface WatchedDrill {
  /** The ConfigMap in Velero's namespace that is as old as the last drill that passed. */
  readonly passed: string;
  /** Age from which on it is too old, days. */
  readonly maximumAgeDays: number;
}

/** What of ours is watched. Names, not outputs: rules are plain data that a preview shows. */
export interface Watched {
  /** Parse Server. */
  readonly parse: {
    readonly namespace: string;
    /** Name of its Deployment and Service. */
    readonly name: string;
    readonly port: number;
    /** Path of the API, such as `/parse`. */
    readonly mountPath: string;
    /** Address of the API for clients outside. Default: none, nothing is asked from outside. */
    readonly publicUrl?: string;
  };
  /** Whether Parse's database runs in Parse's namespace. */
  readonly databaseInCluster: boolean;
  /** Velero. Default: there is none. */
  readonly backup?: {
    readonly namespace: string;
    readonly schedules: readonly WatchedSchedule[];
    readonly drill: WatchedDrill;
  };
  /** Flux, and whether it looks for newer images. Default: there is none. */
  readonly gitops?: { readonly namespace: string; readonly imageAutomation?: boolean };
}

/** The chart kube-prometheus-stack, where there is no Rancher. */
export interface StackChart {
  readonly kind: "stack";
  /** A directory with the chart, a packed chart, an `oci://` address, or the chart's name in `repository`. */
  readonly chart: string;
  readonly version: string;
  /** Address of the repository. Default: `chart` says it all. */
  readonly repository?: string;
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, Input<string>>>;
}

/** Rancher's app `rancher-monitoring`, which brings its definitions along. */
export interface RancherApp {
  readonly kind: "rancher";
  /** The cluster's id in Rancher. */
  readonly clusterId: Input<string>;
  /** The project that holds the cluster's own services. */
  readonly projectId: Input<string>;
  /** Exact version of the chart. Default: the newest that Rancher's catalogue has. */
  readonly version?: string;
}

/** Grafana. */
export interface GrafanaSettings {
  readonly enabled: boolean;
  /** Public host name. Default: reached by port-forward or through Rancher. */
  readonly host?: string;
  /** Raise by one to make the administrator's password anew. */
  readonly secretGeneration: number;
}

/** Arguments of the component `Monitoring`. */
export interface MonitoringArgs extends Notifications {
  /** Whose the namespace is: see `onprem:site.namespaces`. Default: the stack's own. */
  readonly namespaces?: NamespaceOwnership;
  /** Customer's name, a DNS label: on every object as a label, and in every alert. */
  readonly customer: string;
  /** Namespace made for it all; under Rancher `cattle-monitoring-system`. */
  readonly namespace: string;
  /** What brings Prometheus, Alertmanager and Grafana. */
  readonly source: StackChart | RancherApp;
  /** Image of the blackbox exporter with its tag. */
  readonly blackboxImage: string;
  /** Registry that takes the place of each image's own. Default: each image's own. */
  readonly imageRegistry?: string;
  /** Docker `config.json` with the credentials of the image registry. Default: none needed. */
  readonly imagePullCredentials?: Input<string>;
  /** How to look into the cluster, called when a kind is made or changed. Default: nothing stored is rewritten. */
  readonly api?: () => Promise<DefinitionsApi>;
  readonly retentionDays: number;
  /** Metrics beyond this size are dropped, such as `40Gi`. */
  readonly retentionSize: string;
  /** Volume of Prometheus. */
  readonly storageSize: string;
  /** StorageClass of the volume. Default: the cluster's default. */
  readonly storageClass?: string;
  /** How often metrics are read and rules evaluated. */
  readonly scrapeInterval: string;
  /** Of Prometheus. */
  readonly resources: Resources;
  readonly grafana: GrafanaSettings;
  readonly watched: Watched;
  /** Where `docs/runbooks` is published; links in alerts begin with it. Default: the path in the project. */
  readonly runbooksUrl?: string;
}
