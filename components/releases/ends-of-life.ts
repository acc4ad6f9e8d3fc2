/**
 * Until when what is pinned gets fixes: one line for each release line that this project asks for, and none besides.
 * `checked` is the month of the text that was read. A test compares the table with the pins; the gate `end-of-life`, the
 * policy `releases-supported` and the report compare it with today.
 */
import type { Source } from "./releases";

/** A release line and the day on which its fixes end. */
export type SupportLine = {
  /** What its versions begin with: `1.35`, or `17` where the product counts by majors. */
  readonly line: string;
} & (
  | {
      /** Last day with fixes, `YYYY-MM-DD`. */
      readonly endOfLife: string;
      /** What the day means where it is not simply the end of fixes. */
      readonly note?: string;
    }
  | {
      /** The publisher has named no day. */
      readonly endOfLife: "not named";
      /** What the publisher says in place of a day. */
      readonly note: string;
    }
);

/** A product that is pinned somewhere in this project. */
export interface SupportedProduct extends Source {
  /** As people call it. */
  readonly name: string;
  /** Its images by path, without a registry's host: a mirror puts its own before it. Default: none. */
  readonly images?: readonly string[];
  readonly lines: readonly SupportLine[];
}

const noDayFound = (line: string): SupportLine => ({
  line,
  endOfLife: "not named",
  note: "its publisher was not found to name a day",
});

/** What the stack and the lab run, by the names of their pins; then what this project itself runs on. */
export const endsOfLife = {
  kubernetes: {
    name: "Kubernetes",
    lines: [
      { line: "1.33", endOfLife: "2026-06-28" },
      { line: "1.34", endOfLife: "2026-10-27" },
      { line: "1.35", endOfLife: "2027-02-28" },
      { line: "1.36", endOfLife: "2027-06-28" },
    ],
    source: "https://kubernetes.io/releases/",
    checked: "2026-11",
  },
  rancher: {
    name: "Rancher",
    images: ["rancher/rancher", "rancher/rancher-agent"],
    lines: [
      { line: "2.12", endOfLife: "2027-02-28" },
      { line: "2.13", endOfLife: "2027-06-17" },
      { line: "2.14", endOfLife: "2027-10-10" },
      { line: "2.15", endOfLife: "not named", note: "SUSE's page had no day yet" },
    ],
    source: "https://www.suse.com/lifecycle#suse-rancher-prime",
    checked: "2026-11",
  },
  parse: {
    name: "Parse Server",
    images: ["parseplatform/parse-server"],
    lines: [{ line: "9", endOfLife: "not named", note: "security fixes until version 11 makes 10 the previous major" }],
    source: "https://github.com/parse-community/parse-server#long-term-support",
    checked: "2024-10",
  },
  parseDashboard: {
    name: "Parse Dashboard",
    images: ["parseplatform/parse-dashboard"],
    lines: [noDayFound("9")],
    source: "https://github.com/parse-community/parse-dashboard/releases",
    checked: "2026-11",
  },
  mongodb: {
    name: "MongoDB",
    images: ["library/mongo"],
    lines: [{ line: "8.0", endOfLife: "2029-10-31" }],
    source: "https://www.mongodb.com/legal/support-policy/lifecycles",
    checked: "2026-08",
  },
  postgresql: {
    name: "PostgreSQL",
    images: ["library/postgres"],
    lines: [
      { line: "15", endOfLife: "2027-11-11" },
      { line: "16", endOfLife: "2028-11-09" },
      { line: "17", endOfLife: "2029-11-08" },
      { line: "18", endOfLife: "2030-11-14" },
    ],
    source: "https://www.postgresql.org/support/versioning/",
    checked: "2026-11",
  },
  velero: {
    name: "Velero",
    images: ["velero/velero"],
    lines: [
      { line: "1.18", endOfLife: "not named", note: "fixes until 1.20 is released: the newest two minors get them" },
    ],
    source: "https://velero.io/docs/main/support-process/",
    checked: "2026-08",
  },
  veleroPluginForAws: {
    name: "Velero's plugin for S3",
    images: ["velero/velero-plugin-for-aws"],
    lines: [{ line: "1.14", endOfLife: "not named", note: "goes with Velero 1.18" }],
    source: "https://github.com/velero-io/velero-plugin-for-aws#compatibility",
    checked: "2026-11",
  },
  veleroPluginForGcp: {
    name: "Velero's plugin for Google Cloud",
    images: ["velero/velero-plugin-for-gcp"],
    lines: [{ line: "1.14", endOfLife: "not named", note: "goes with Velero 1.18" }],
    source: "https://github.com/velero-io/velero-plugin-for-gcp#compatibility",
    checked: "2026-11",
  },
  flux: {
    name: "Flux",
    lines: [
      { line: "2.9", endOfLife: "not named", note: "fixes until 2.12 is released: the newest three minors get them" },
    ],
    source: "https://fluxcd.io/flux/releases/#supported-releases",
    checked: "2026-08",
  },
  minio: {
    name: "MinIO",
    images: ["minio/minio"],
    lines: [
      {
        line: "RELEASE",
        endOfLife: "2026-02-12",
        note: "on this day its publisher wrote that the repository is no longer maintained",
      },
    ],
    source: "https://github.com/minio/minio/commit/7aac2a2c5",
    checked: "2026-08",
  },
  seaweedfs: {
    name: "SeaweedFS",
    images: ["chrislusf/seaweedfs"],
    lines: [noDayFound("3")],
    source: "https://github.com/seaweedfs/seaweedfs/releases",
    checked: "2026-11",
  },
  versitygw: {
    name: "Versity S3 Gateway",
    images: ["versity/versitygw"],
    lines: [noDayFound("1")],
    source: "https://github.com/versity/versitygw/releases",
    checked: "2026-11",
  },
  kubePrometheusStack: {
    name: "kube-prometheus-stack",
    lines: [noDayFound("80")],
    source: "https://github.com/prometheus-community/helm-charts/releases",
    checked: "2026-11",
  },
  prometheusOperator: {
    name: "Prometheus Operator",
    images: ["prometheus-operator/prometheus-operator", "rancher/mirrored-prometheus-operator-prometheus-operator"],
    lines: [noDayFound("0.87")],
    source: "https://github.com/prometheus-operator/prometheus-operator/releases",
    checked: "2026-11",
  },
  prometheus: {
    name: "Prometheus",
    images: ["prometheus/prometheus", "rancher/mirrored-prometheus-prometheus"],
    lines: [
      { line: "3.8", endOfLife: "2026-01-09", note: "what the pinned chart brings; no line with long-term support" },
    ],
    source: "https://prometheus.io/docs/introduction/release-cycle/",
    checked: "2026-08",
  },
  alertmanager: {
    name: "Alertmanager",
    images: ["prometheus/alertmanager", "rancher/mirrored-prometheus-alertmanager"],
    lines: [noDayFound("0.30")],
    source: "https://github.com/prometheus/alertmanager/releases",
    checked: "2026-11",
  },
  grafana: {
    name: "Grafana",
    images: ["grafana/grafana", "rancher/mirrored-grafana-grafana"],
    lines: [{ line: "12.3", endOfLife: "2026-08-19", note: "what the pinned chart brings" }],
    source: "https://grafana.com/docs/grafana/latest/upgrade-guide/when-to-upgrade/",
    checked: "2026-08",
  },
  blackboxExporter: {
    name: "Blackbox exporter",
    images: ["prometheus/blackbox-exporter"],
    lines: [noDayFound("0.27")],
    source: "https://github.com/prometheus/blackbox_exporter/releases",
    checked: "2026-11",
  },
  nodeExporter: {
    name: "Node exporter",
    images: ["prometheus/node-exporter", "rancher/mirrored-prometheus-node-exporter"],
    lines: [noDayFound("1.10")],
    source: "https://github.com/prometheus/node_exporter/releases",
    checked: "2026-11",
  },
  kubeStateMetrics: {
    name: "kube-state-metrics",
    images: ["kube-state-metrics/kube-state-metrics", "rancher/mirrored-kube-state-metrics-kube-state-metrics"],
    lines: [noDayFound("2.18")],
    source: "https://github.com/kubernetes/kube-state-metrics/releases",
    checked: "2026-11",
  },
  coredns: {
    name: "CoreDNS",
    images: ["coredns/coredns"],
    lines: [noDayFound("1.14")],
    source: "https://github.com/coredns/coredns/releases",
    checked: "2026-11",
  },
  node: {
    name: "Node.js",
    lines: [
      { line: "22", endOfLife: "2027-04-30" },
      { line: "24", endOfLife: "2028-04-30" },
    ],
    source: "https://github.com/nodejs/Release#release-schedule",
    checked: "2026-08",
  },
  pulumi: {
    name: "Pulumi",
    lines: [noDayFound("3")],
    source: "https://github.com/pulumi/pulumi/releases",
    checked: "2026-11",
  },
  helm: {
    name: "Helm",
    lines: [
      { line: "3", endOfLife: "2027-02-10", note: "security fixes; others ended on 2026-09-09" },
      { line: "4", endOfLife: "not named", note: "the current major" },
    ],
    source: "https://helm.sh/blog/helm-v3-end-of-life",
    checked: "2026-08",
  },
  go: {
    name: "Go",
    lines: [
      { line: "1.26", endOfLife: "not named", note: "fixes until 1.28 is released: the newest two minors get them" },
    ],
    source: "https://go.dev/doc/devel/release#policy",
    checked: "2026-08",
  },
  debian: {
    name: "Debian",
    lines: [{ line: "12", endOfLife: "2028-06-30", note: "the end of its LTS, which took over on 2026-07-11" }],
    source: "https://www.debian.org/releases/",
    checked: "2026-08",
  },
} as const satisfies Readonly<Record<string, SupportedProduct>>;

/** Name of a product in the table. */
export type ProductName = keyof typeof endsOfLife;

/** Every product of the table by its name. */
export const supportedProducts: Readonly<Record<ProductName, SupportedProduct>> = endsOfLife;

/**
 * The line that a version belongs to; `undefined` for one that the table does not have.
 * @param version as its publisher, a tag or a setting writes it: `v1.35.8`, `17.11-bookworm`, `2.14.4`
 */
export function supportLineOf(product: ProductName, version: string): SupportLine | undefined {
  const plain = version.replace(/^v/, "");
  const lines: readonly SupportLine[] = endsOfLife[product].lines;
  return lines.find(({ line }) => plain.startsWith(line) && !/^\d/.test(plain.slice(line.length)));
}

/** Whether a line gets no fixes any more on a day, `YYYY-MM-DD`. One without a named day is taken to get them. */
export function isOver({ endOfLife }: SupportLine, day: string): boolean {
  return endOfLife !== "not named" && endOfLife < day;
}
