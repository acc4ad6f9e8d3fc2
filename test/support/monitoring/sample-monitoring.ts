import type { MonitoringArgs, Receiver, Watched } from "../../../components/monitoring/args";
import { prometheusStack } from "../../../components/releases/prometheus";
import { image, images } from "../../../components/releases/releases";
import { definitionOf } from "../sample-definition";

/** A stack with everything that can be watched. */
export const everything: Watched = {
  parse: {
    namespace: "parse",
    name: "parse-server",
    port: 1337,
    mountPath: "/parse",
    publicUrl: "https://parse.acme.example.com/parse",
  },
  databaseInCluster: true,
  backup: {
    namespace: "velero",
    schedules: [{ name: "daily", maximumAgeHours: 49 }],
    drill: { passed: "onprem-drill-passed", maximumAgeDays: 8 },
  },
  gitops: { namespace: "flux-system", imageAutomation: false },
};

/** One receiver of each kind, each with a credential. */
export const receivers: readonly Receiver[] = [
  { kind: "slack", name: "chat", severities: ["critical", "warning"], channel: "#alerts", webhookUrl: "slack-secret" },
  {
    kind: "email",
    name: "mail",
    severities: ["warning"],
    to: ["a@example.com", "b@example.com"],
    from: "platform@example.com",
    smarthost: "smtp.example.com:587",
    username: "platform",
    password: "mail-secret",
    requireTls: true,
  },
  { kind: "pagerduty", name: "on-call", severities: ["critical"], routingKey: "pager-secret" },
  { kind: "webhook", name: "hook", severities: ["info"], url: "https://hook.example.com", bearerToken: "hook-secret" },
];

/** The credentials of {@link receivers}. */
export const credentials = ["slack-secret", "mail-secret", "pager-secret", "hook-secret"];

/** Arguments on a cluster without Rancher. */
export const minimal: MonitoringArgs = {
  customer: "acme",
  namespace: "monitoring",
  namespaces: "own",
  source: {
    kind: "stack",
    chart: "kube-prometheus-stack",
    version: prometheusStack.version,
    repository: "https://charts.example.com",
    definitions: { probes: definitionOf("probes.monitoring.coreos.com") },
  },
  blackboxImage: image(images.blackboxExporter, {}),
  retentionDays: 15,
  retentionSize: "40Gi",
  storageSize: "50Gi",
  scrapeInterval: "30s",
  resources: { requests: { cpu: "500m", memory: "1536Mi" }, limits: { cpu: undefined, memory: "3Gi" } },
  grafana: { enabled: true, host: undefined, secretGeneration: 1 },
  receivers,
  groupWait: "30s",
  groupInterval: "5m",
  repeatInterval: "4h",
  watched: everything,
  storageClass: undefined,
  watchdogUrl: undefined,
  runbooksUrl: undefined,
  imageRegistry: undefined,
  imagePullCredentials: undefined,
  api: () => Promise.reject(new Error("no hook runs here")),
};
