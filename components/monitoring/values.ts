/** Values of kube-prometheus-stack and of rancher-monitoring, which is made from it: one function for both. Pure. */
import { resourcesOf } from "../kubernetes/pods";
import type { MonitoringArgs } from "./args";
import {
  CONFIGURATION_SECRET,
  CREDENTIALS_SECRET,
  GRAFANA_SECRET,
  kubeletService,
  PULL_SECRET,
  RANCHER_APP_NAME,
  RELEASE_NAME,
} from "./names";
import { credentialsOf } from "./notifications";

/** Arguments that the values depend on. */
export type ValueSettings = Omit<MonitoringArgs, "imagePullCredentials" | "blackboxImage" | "runbooksUrl"> & {
  /** Whether images need credentials. */
  readonly pullSecret: boolean;
};

const bounded = (cpu: string, memory: string, limit: string) =>
  resourcesOf({ requests: { cpu, memory }, limits: { cpu: undefined, memory: limit } });

const OPERATOR = bounded("20m", "64Mi", "256Mi");
const RELOADER = bounded("5m", "24Mi", "64Mi");
const ALERTMANAGER = bounded("10m", "48Mi", "256Mi");
const STATE_METRICS = bounded("20m", "64Mi", "512Mi");
const NODE_EXPORTER = bounded("20m", "32Mi", "128Mi");
const GRAFANA = bounded("100m", "256Mi", "512Mi");

/** The API server's histograms would be most of the series of a small cluster; the dashboard needs six of their buckets. */
const API_SERVER_RELABELINGS = [
  {
    sourceLabels: ["__name__"],
    action: "keep",
    regex:
      "apiserver_request_total|apiserver_request_duration_seconds_(bucket|sum|count)|apiserver_current_inflight_requests|process_.+|up",
  },
  {
    sourceLabels: ["__name__", "le"],
    action: "drop",
    regex:
      "apiserver_request_duration_seconds_bucket;(0\\.(005|025|15|2|3|35|45|6|7|8|9)|1\\.25|1\\.75|3|8|15|20|30|40|45)(\\.0)?",
  },
];

/** Makes Prometheus read every object of these kinds in the cluster, not only those of its own chart. */
const EVERY_OBJECT = Object.fromEntries(
  ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map((kind) => [
    `${kind}SelectorNilUsesHelmValues`,
    false,
  ]),
);

/** The chart's values. Secrets are named in them, none is in them. */
export function monitoringValues(settings: ValueSettings): Record<string, unknown> {
  const { imageRegistry, namespace, pullSecret, source } = settings;
  const rancher = source.kind === "rancher";
  return {
    fullnameOverride: rancher ? RANCHER_APP_NAME : RELEASE_NAME,
    // The stack makes them beforehand, and they stay when the release is deleted; Rancher's app has a chart of its own for them.
    crds: { enabled: false },
    global: {
      ...(imageRegistry === undefined ? {} : { imageRegistry }),
      ...(rancher && imageRegistry !== undefined ? { cattle: { systemDefaultRegistry: imageRegistry } } : {}),
      imagePullSecrets: pullSecret ? [{ name: PULL_SECRET }] : [],
    },
    defaultRules: { create: false },
    prometheusOperator: {
      // The operator refuses invalid objects without it; the webhook would need a certificate, and an image for its hook.
      admissionWebhooks: { enabled: false },
      tls: { enabled: false },
      resources: OPERATOR,
      prometheusConfigReloader: { resources: RELOADER },
      prometheusInstanceNamespaces: [namespace],
      alertmanagerInstanceNamespaces: [namespace],
      kubeletService: { name: kubeletService(namespace) },
    },
    prometheus: { prometheusSpec: prometheusSpec(settings) },
    alertmanager: { enabled: true, alertmanagerSpec: alertmanagerSpec(settings) },
    grafana: grafanaValues(settings),
    nodeExporter: { enabled: true },
    "prometheus-node-exporter": {
      resources: NODE_EXPORTER,
      prometheus: {
        monitor: { relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }] },
      },
    },
    kubeStateMetrics: { enabled: true },
    "kube-state-metrics": { resources: STATE_METRICS, ...fluxState(settings) },
    kubelet: { enabled: true },
    kubeApiServer: { enabled: true, serviceMonitor: { metricRelabelings: API_SERVER_RELABELINGS } },
    // A managed control plane does not expose these, and labels its DNS in another way.
    ...Object.fromEntries(
      ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy", "coreDns"].map((name) => [
        name,
        { enabled: false },
      ]),
    ),
  };
}

function prometheusSpec(settings: ValueSettings): Record<string, unknown> {
  const { customer, resources, retentionDays, retentionSize, scrapeInterval, storageClass, storageSize } = settings;
  return {
    retention: `${retentionDays}d`,
    retentionSize: `${retentionSize}B`,
    scrapeInterval,
    evaluationInterval: scrapeInterval,
    externalLabels: { customer },
    resources: resourcesOf(resources),
    storageSpec: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage: storageSize } },
        },
      },
    },
    ...EVERY_OBJECT,
  };
}

function alertmanagerSpec({ receivers }: ValueSettings): Record<string, unknown> {
  return {
    // A Secret of the stack: the chart would take the configuration from its values.
    useExistingSecret: true,
    configSecret: CONFIGURATION_SECRET.name,
    ...(Object.keys(credentialsOf(receivers)).length > 0 ? { secrets: [CREDENTIALS_SECRET] } : {}),
    resources: ALERTMANAGER,
  };
}

function grafanaValues({ grafana, source }: ValueSettings): Record<string, unknown> {
  if (!grafana.enabled) return { enabled: false };
  const { host } = grafana;
  const { name, passwordKey, userKey } = GRAFANA_SECRET;
  return {
    enabled: true,
    admin: { existingSecret: name, userKey, passwordKey },
    // Rancher's own pages use the chart's dashboards.
    defaultDashboardsEnabled: source.kind === "rancher",
    resources: GRAFANA,
    ingress: host === undefined ? { enabled: false } : { enabled: true, hosts: [host], tls: [grafanaTls(host)] },
  };
}

const grafanaTls = (host: string) => ({ secretName: "grafana-tls", hosts: [host] });

/** Flux has no metric for ready and suspended objects; kube-state-metrics makes one from the objects. */
function fluxState({ watched }: ValueSettings): Record<string, unknown> {
  if (!watched.gitops) return {};
  const images = [
    { group: "image.toolkit.fluxcd.io", version: "v1", kind: "ImageRepository", plural: "imagerepositories" },
    { group: "image.toolkit.fluxcd.io", version: "v1", kind: "ImagePolicy", plural: "imagepolicies" },
    {
      group: "image.toolkit.fluxcd.io",
      version: "v1",
      kind: "ImageUpdateAutomation",
      plural: "imageupdateautomations",
    },
  ];
  const kinds = [
    { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization", plural: "kustomizations" },
    { group: "source.toolkit.fluxcd.io", version: "v1", kind: "GitRepository", plural: "gitrepositories" },
    ...(watched.gitops.imageAutomation ? images : []),
  ];
  return {
    customResourceState: {
      enabled: true,
      config: { kind: "CustomResourceStateMetrics", spec: { resources: kinds.map(fluxResource) } },
    },
    rbac: {
      extraRules: kinds.map(({ group, plural }) => ({
        apiGroups: [group],
        resources: [plural],
        verbs: ["list", "watch"],
      })),
    },
  };
}

/** As in Flux's documentation: https://fluxcd.io/flux/monitoring/custom-metrics/ */
function fluxResource({ group, version, kind }: Record<"group" | "version" | "kind", string>) {
  return {
    groupVersionKind: { group, version, kind },
    metricNamePrefix: "gotk",
    metrics: [
      {
        name: "resource_info",
        help: "The current state of a Flux resource.",
        each: { type: "Info", info: { labelsFromPath: { name: ["metadata", "name"] } } },
        labelsFromPath: {
          exported_namespace: ["metadata", "namespace"],
          ready: ["status", "conditions", "[type=Ready]", "status"],
          suspended: ["spec", "suspend"],
        },
      },
    ],
  };
}
