import type { Input } from "@pulumi/pulumi";
import type { Resources } from "../kubernetes/pods";
import type { KubernetesApi } from "../kubernetes/release-history";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";
import type { LogReader } from "./receiver-hooks";

/** How urgent an alert is. */
export type Severity = "critical" | "warning" | "info";

interface ReceiverBase {
  /** Name of the receiver, a DNS label; each name once. */
  readonly name: string;
  /** Severities of the alerts that it gets. */
  readonly severities: readonly Severity[];
}

/** A Slack channel. */
export interface SlackReceiver extends ReceiverBase {
  /** Tells it from the other kinds. */
  readonly kind: "slack";
  /** Channel with its `#`. */
  readonly channel: string;
  /** Address of an incoming webhook. */
  readonly webhookUrl: Input<string>;
}

/** E-mail through a relay. */
export interface EmailReceiver extends ReceiverBase {
  /** Tells it from the other kinds. */
  readonly kind: "email";
  /** Addresses that it sends to. */
  readonly to: readonly string[];
  /** Address of the sender. */
  readonly from: string;
  /** `host:port` of the relay. */
  readonly smarthost: string;
  /** User name at the relay. Absent: no login. */
  readonly username: string | undefined;
  /** Password at the relay. Absent: no login. */
  readonly password: Input<string> | undefined;
  /** Refuses to send without TLS. */
  readonly requireTls: boolean;
}

/** PagerDuty, Events API v2. */
export interface PagerDutyReceiver extends ReceiverBase {
  /** Tells it from the other kinds. */
  readonly kind: "pagerduty";
  /** Integration key. */
  readonly routingKey: Input<string>;
}

/** Any HTTP endpoint that takes Alertmanager's JSON. */
export interface WebhookReceiver extends ReceiverBase {
  /** Tells it from the other kinds. */
  readonly kind: "webhook";
  /** Address that alerts are posted to. */
  readonly url: string;
  /** Token for the Authorization header. Absent: none. */
  readonly bearerToken: Input<string> | undefined;
}

/** A receiver of alerts. */
export type Receiver = SlackReceiver | EmailReceiver | PagerDutyReceiver | WebhookReceiver;

/** When Alertmanager sends what to whom. Lengths of time as Prometheus writes them. */
export interface Notifications {
  /** Who gets alerts. */
  readonly receivers: readonly Receiver[];
  /** How long the first alert of a group waits for others. */
  readonly groupWait: string;
  /** How long until changes of a group are sent. */
  readonly groupInterval: string;
  /** How long until an alert that still fires is sent again. */
  readonly repeatInterval: string;
  /** Where the always-firing Watchdog alert is posted. Absent: nowhere. */
  readonly watchdogUrl: string | undefined;
}

/** A schedule of backups, as far as its age is watched. */
export interface WatchedSchedule {
  /** Name of the schedule. */
  readonly name: string;
  /** Age from which the last good backup is too old, hours. */
  readonly maximumAgeHours: number;
}

/** The restore drill, as far as its age is watched. */
export interface WatchedDrill {
  /** Name of the ConfigMap in Velero's namespace that is as old as the last drill that passed. */
  readonly passed: string;
  /** Age from which the last drill is too old, days. */
  readonly maximumAgeDays: number;
}

/** The parts of the platform that are watched. Names, not outputs: rules are plain data that a preview shows. */
export interface Watched {
  /** Parse Server. */
  readonly parse: {
    /** Its namespace. */
    readonly namespace: string;
    /** Name of its Deployment and Service. */
    readonly name: string;
    /** Port of its Service. */
    readonly port: number;
    /** Path of the API, such as `/parse`. */
    readonly mountPath: string;
    /** Address of the API for clients outside. Absent: there is none, and no probe from outside. */
    readonly publicUrl: string | undefined;
  };
  /** Whether Parse's database runs in Parse's namespace. */
  readonly databaseInCluster: boolean;
  /** Velero. Absent: there is none. */
  readonly backup:
    | {
        readonly namespace: string;
        readonly schedules: readonly WatchedSchedule[];
        readonly drill: WatchedDrill;
      }
    | undefined;
  /** Flux, and whether it looks for newer images. Absent: there is none. */
  readonly gitops: { readonly namespace: string; readonly imageAutomation: boolean } | undefined;
}

/** The chart kube-prometheus-stack, where there is no Rancher. */
export interface StackChart {
  /** Tells it from Rancher's app. */
  readonly kind: "stack";
  /** A directory with the chart, a packed chart, an `oci://` address, or the chart's name in `repository`. */
  readonly chart: string;
  /** Exact version of the chart. */
  readonly version: string;
  /** Address of the repository. Absent: `chart` is enough. */
  readonly repository: string | undefined;
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, Input<string>>>;
}

/** Rancher's app `rancher-monitoring`, which brings its definitions along. */
export interface RancherApp {
  /** Tells it from the chart. */
  readonly kind: "rancher";
  /** The cluster's id in Rancher. */
  readonly clusterId: Input<string>;
  /** The project that holds the cluster's own services. */
  readonly projectId: Input<string>;
  /** Exact version of the chart. Absent: the newest that Rancher's catalogue has. */
  readonly version: string | undefined;
}

/** Grafana. */
export interface GrafanaSettings {
  /** Installs it. */
  readonly enabled: boolean;
  /** Public host name. Absent: reached by port-forward or through Rancher. */
  readonly host: string | undefined;
  /** Raise by one to make the administrator's password anew. */
  readonly secretGeneration: number;
}

/** Arguments of the component `Monitoring`. */
export interface MonitoringArgs extends Notifications {
  /** Customer's name, a DNS label: on every object as a label, and in every alert. */
  readonly customer: string;
  /** Namespace made for all of it; under Rancher `cattle-monitoring-system`. */
  readonly namespace: string;
  /** What brings Prometheus, Alertmanager and Grafana. */
  readonly source: StackChart | RancherApp;
  /** Image of the blackbox exporter with its tag. */
  readonly blackboxImage: string;
  /** Registry that takes the place of each image's own. Absent: each image's own. */
  readonly imageRegistry: string | undefined;
  /** Docker `config.json` with the credentials of the image registry. Absent: none needed. */
  readonly imagePullCredentials: Input<string> | undefined;
  /**
   * The cluster's API, called when receivers, a kind or the release are created or changed: Alertmanager has to load the
   * receivers, objects stored in versions that go are rewritten, and it is told why a release does not come up.
   */
  readonly api: () => Promise<DefinitionsApi & KubernetesApi & LogReader>;
  /** How long metrics are kept, days. */
  readonly retentionDays: number;
  /** Metrics beyond this size are dropped, such as `40Gi`. */
  readonly retentionSize: string;
  /** Volume of Prometheus. */
  readonly storageSize: string;
  /** StorageClass of the volume. Absent: the cluster's default. */
  readonly storageClass: string | undefined;
  /** How often metrics are read and rules evaluated. */
  readonly scrapeInterval: string;
  /** Of Prometheus. */
  readonly resources: Resources;
  /** Grafana. */
  readonly grafana: GrafanaSettings;
  /** The parts of the platform that are watched. */
  readonly watched: Watched;
  /** Where `docs/runbooks` is published; links in alerts begin with it. Absent: the path in the project. */
  readonly runbooksUrl: string | undefined;
}
