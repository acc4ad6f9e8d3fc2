/** What each alert is to make of what Prometheus has seen. */

/** Series by name, in promtool's notation: `1x10` is 1, eleven times, one step apart. */
export type Series = Readonly<Record<string, string>>;

/** When an alert fires, and when it stays silent. */
export interface AlertCase {
  /** Length of a step; what takes days is looked at less often. Default: a minute. */
  readonly every?: "1m" | "10m" | "30m";
  readonly fires: Series;
  /** When it must fire, counted from the beginning. */
  readonly at: string;
  /** When it must not fire yet, on the same series; default: it may fire at once. */
  readonly notYet?: string;
  /** The same moment, and nothing is wrong. */
  readonly silent: Series;
}

const SERVER = 'namespace="parse"';
const DATABASE = 'namespace="parse",persistentvolumeclaim="data-0"';
const STORE = 'namespace="velero",persistentvolumeclaim="store"';
const DRILL = 'namespace="velero",job="kube-state-metrics",instance="a"';
const DISK = 'node="one",mountpoint="/",fstype="ext4"';
const NOTHING_FAILED = { "0": "0x60" };

/** Requests a minute, by the code that they ended with. */
const requests = (good: number, bad: number): Series => ({
  [`parse_server_http_requests_total{${SERVER},pod="a",code="200"}`]: `0+${good}x20`,
  [`parse_server_http_requests_total{${SERVER},pod="a",code="503"}`]: `0+${bad}x20`,
});
/** Sixty requests a minute, so many of them within two and a half seconds. */
const latency = (fast: number): Series => ({
  [`parse_server_http_request_duration_seconds_bucket{${SERVER},pod="a",le="1"}`]: `0+${fast}x30`,
  [`parse_server_http_request_duration_seconds_bucket{${SERVER},pod="a",le="5"}`]: "0+60x30",
  [`parse_server_http_request_duration_seconds_bucket{${SERVER},pod="a",le="+Inf"}`]: "0+60x30",
});
const volume = (of: string, available: string): Series => ({
  [`kubelet_volume_stats_available_bytes{${of}}`]: available,
  [`kubelet_volume_stats_capacity_bytes{${of}}`]: "1000x60",
});
const disk = (available: string): Series => ({
  [`node_filesystem_avail_bytes{${DISK}}`]: available,
  [`node_filesystem_size_bytes{${DISK}}`]: "1000x60",
});
const condition = (name: string, value: number): Series => ({
  [`kube_node_status_condition{node="one",condition="${name}",status="true"}`]: `${value}x30`,
});
/** Counters that Velero begins at 0; `failed` is the one that counts up after ten minutes. */
const velero = (counters: readonly string[], failed?: string): Series =>
  Object.fromEntries(
    counters.map((name) => [
      `velero_${name}_total{schedule="daily"}`,
      name === failed ? "0x10 1x50" : NOTHING_FAILED["0"],
    ]),
  );
const BACKUP_COUNTERS = ["backup_failure", "backup_partial_failure", "backup_validation_failure"];
const RESTORE_COUNTERS = ["restore_failed", "restore_partial_failure", "restore_validation_failed"];
const replicas = (kind: string, name: string, wanted: number, there: number): Series => ({
  [`kube_${kind}_${kind === "deployment" ? "spec_replicas" : "replicas"}{${SERVER},${kind}="${name}"}`]: `${wanted}x30`,
  [`kube_${kind}_status_replicas_${kind === "deployment" ? "available" : "ready"}{${SERVER},${kind}="${name}"}`]: `${there}x30`,
});
const flux = (ready: string, suspended: string): Series => ({
  [`gotk_resource_info{customresource_kind="Kustomization",name="apps",exported_namespace="flux-system",ready="${ready}",suspended="${suspended}"}`]:
    "1x60",
});

/** Every alert's case, by its name. */
export const ALERT_CASES: Readonly<Record<string, AlertCase | readonly AlertCase[]>> = {
  ParseDown: {
    fires: { [`probe_success{job="parse-health",${SERVER}}`]: "1x5 0x10" },
    at: "8m",
    notYet: "6m",
    silent: { [`probe_success{job="parse-health",${SERVER}}`]: "1x15" },
  },
  ParsePublicAddressDown: {
    fires: { [`probe_success{job="parse-public",${SERVER}}`]: "0x10" },
    at: "4m",
    notYet: "2m",
    silent: { [`probe_success{job="parse-public",${SERVER}}`]: "1x10" },
  },
  ParseErrorRate: { fires: requests(50, 10), at: "15m", notYet: "5m", silent: requests(100, 1) },
  ParseLatency: { fires: latency(50), at: "20m", notYet: "9m", silent: latency(60) },
  ParseRestartLoop: {
    fires: {
      [`kube_pod_container_status_restarts_total{${SERVER},pod="parse-server-1",container="parse-server"}`]: "0+1x20",
    },
    at: "15m",
    silent: {
      [`kube_pod_container_status_restarts_total{${SERVER},pod="parse-server-1",container="parse-server"}`]:
        "0x10 1x10",
    },
  },
  ParseReplicasMissing: {
    fires: replicas("deployment", "parse-server", 2, 1),
    at: "11m",
    notYet: "9m",
    silent: replicas("deployment", "parse-server", 2, 2),
  },
  DatabaseUnreachable: {
    fires: {
      [`parse_server_database_reachable{${SERVER},pod="a"}`]: "0x10",
      [`parse_server_database_reachable{${SERVER},pod="b"}`]: "0x10",
    },
    at: "2m",
    notYet: "0m",
    // One pod that reaches it still serves.
    silent: {
      [`parse_server_database_reachable{${SERVER},pod="a"}`]: "0x10",
      [`parse_server_database_reachable{${SERVER},pod="b"}`]: "1x10",
    },
  },
  DatabaseMemberDown: {
    fires: replicas("statefulset", "parse-server-mongodb", 3, 2),
    at: "6m",
    notYet: "4m",
    silent: replicas("statefulset", "parse-server-mongodb", 3, 3),
  },
  DatabaseVolumeFilling: [
    { fires: volume(DATABASE, "90x60"), at: "15m", notYet: "9m", silent: volume(DATABASE, "500x60") },
    // As above, but seen for an hour only: too little to extrapolate from.
    {
      every: "10m",
      fires: volume(DATABASE, "390-10x60"),
      at: "200m",
      notYet: "60m",
      silent: volume(DATABASE, "390x60"),
    },
    // A third is left, and it goes by a tenth of a percent a minute: predicted, not yet short.
    {
      every: "10m",
      fires: volume(DATABASE, "700-10x60"),
      at: "370m",
      notYet: "200m",
      silent: volume(DATABASE, "330x60"),
    },
  ],
  NodeNotReady: { fires: condition("Ready", 0), at: "3m", notYet: "1m", silent: condition("Ready", 1) },
  NodePressure: {
    fires: condition("DiskPressure", 1),
    at: "3m",
    notYet: "1m",
    silent: condition("DiskPressure", 0),
  },
  NodeCpuBusy: {
    fires: { 'node_cpu_seconds_total{node="one",instance="one",cpu="0",mode="idle"}': "0+3x40" },
    at: "25m",
    notYet: "10m",
    silent: { 'node_cpu_seconds_total{node="one",instance="one",cpu="0",mode="idle"}': "0+30x40" },
  },
  NodeMemoryShort: {
    fires: {
      'node_memory_MemAvailable_bytes{node="one"}': "50x20",
      'node_memory_MemTotal_bytes{node="one"}': "1000x20",
    },
    at: "11m",
    notYet: "9m",
    silent: {
      'node_memory_MemAvailable_bytes{node="one"}': "500x20",
      'node_memory_MemTotal_bytes{node="one"}': "1000x20",
    },
  },
  NodeDiskFilling: [
    { fires: disk("90x60"), at: "15m", notYet: "9m", silent: disk("500x60") },
    { every: "10m", fires: disk("600-10x60"), at: "390m", notYet: "200m", silent: disk("250x60") },
  ],
  PodsPending: {
    fires: { [`kube_pod_status_phase{${SERVER},pod="a",phase="Pending"}`]: "1x20" },
    at: "11m",
    notYet: "9m",
    silent: { [`kube_pod_status_phase{${SERVER},pod="a",phase="Pending"}`]: "0x20" },
  },
  PodRestartLoop: {
    fires: {
      'kube_pod_container_status_restarts_total{namespace="velero",pod="velero-1",container="velero"}': "0+1x40",
    },
    at: "30m",
    silent: {
      'kube_pod_container_status_restarts_total{namespace="velero",pod="velero-1",container="velero"}': "0x10 1x30",
    },
  },
  VolumeFilling: { fires: volume(STORE, "90x60"), at: "15m", notYet: "9m", silent: volume(STORE, "200x60") },
  CertificateExpiring: {
    // The clock of these tests begins in 1970.
    fires: { [`probe_ssl_earliest_cert_expiry{job="parse-public",${SERVER}}`]: `${13 * 24 * 3600}x120` },
    at: "61m",
    notYet: "59m",
    silent: { [`probe_ssl_earliest_cert_expiry{job="parse-public",${SERVER}}`]: `${30 * 24 * 3600}x120` },
  },
  BackupTooOld: [
    {
      every: "30m",
      fires: { 'velero_backup_last_successful_timestamp{schedule="daily",pod="a"}': "0x110" },
      at: "3000m",
      notYet: "2880m",
      silent: { 'velero_backup_last_successful_timestamp{schedule="daily",pod="a"}': "0x48 86400x110" },
    },
    // Its first backup never succeeded: there is no time of a success at all.
    {
      every: "30m",
      fires: { 'velero_backup_attempt_total{schedule="daily",pod="a"}': "0x110" },
      at: "3000m",
      notYet: "2880m",
      silent: {
        'velero_backup_attempt_total{schedule="daily",pod="a"}': "0x3 1x110",
        'velero_backup_last_successful_timestamp{schedule="daily",pod="a"}': "_x3 6000x110",
      },
    },
  ],
  // Eight days are 384 steps of half an hour.
  DrillTooOld: [
    {
      every: "30m",
      fires: { [`kube_configmap_created{${DRILL},configmap="onprem-drill-passed"}`]: "0x400" },
      at: "11610m",
      notYet: "11520m",
      silent: { [`kube_configmap_created{${DRILL},configmap="onprem-drill-passed"}`]: "0x300 540000x100" },
    },
    // None ever passed, in a namespace that has been there for longer; other ConfigMaps prove nothing.
    {
      every: "30m",
      fires: {
        [`kube_namespace_created{${DRILL}}`]: "0x400",
        [`kube_configmap_created{${DRILL},configmap="onprem-drill-record"}`]: "540000x400",
      },
      at: "11610m",
      notYet: "11520m",
      silent: {
        [`kube_namespace_created{${DRILL}}`]: "0x400",
        [`kube_configmap_created{${DRILL},configmap="onprem-drill-passed"}`]: "_x300 540000x100",
      },
    },
  ],
  BackupFailed: BACKUP_COUNTERS.map((failed) => ({
    fires: velero(BACKUP_COUNTERS, failed),
    at: "15m",
    notYet: "10m",
    silent: velero(BACKUP_COUNTERS),
  })),
  RestoreFailed: RESTORE_COUNTERS.map((failed) => ({
    fires: velero(RESTORE_COUNTERS, failed),
    at: "15m",
    notYet: "10m",
    silent: velero(RESTORE_COUNTERS),
  })),
  BackupProbeFailed: {
    fires: {
      'velero_backup_last_status{schedule="onprem-probe.outside",pod="a"}': "1x2 0x10",
      'velero_backup_last_status{schedule="daily",pod="a"}': "1x12",
    },
    at: "3m",
    notYet: "2m",
    silent: {
      'velero_backup_last_status{schedule="onprem-probe.outside",pod="a"}': "0x0 1x12",
      'velero_backup_last_status{schedule="daily",pod="a"}': "0x12",
      'velero_backup_last_status{schedule="",pod="a"}': "0x12",
    },
  },
  BackupStoreUnavailable: {
    fires: { 'velero_backup_location_status_gauge{backup_location_name="outside",pod="a"}': "1x5 0x10" },
    at: "9m",
    notYet: "7m",
    silent: { 'velero_backup_location_status_gauge{backup_location_name="outside",pod="a"}': "1x15" },
  },
  GitOpsNotReady: { fires: flux("False", "false"), at: "11m", notYet: "9m", silent: flux("True", "false") },
  GitOpsSuspended: {
    every: "30m",
    fires: flux("True", "true"),
    at: "1470m",
    notYet: "1410m",
    silent: flux("True", "false"),
  },
  TargetDown: {
    fires: { 'up{namespace="velero",job="velero/velero",instance="a"}': "0x10" },
    at: "6m",
    notYet: "4m",
    silent: { 'up{namespace="velero",job="velero/velero",instance="a"}': "1x10" },
  },
  NotificationsFailing: {
    fires: {
      'alertmanager_notifications_failed_total{namespace="monitoring",integration="slack",reason="x"}': "0+1x20",
    },
    at: "10m",
    notYet: "5m",
    silent: {
      'alertmanager_notifications_failed_total{namespace="monitoring",integration="slack",reason="x"}': "3x20",
    },
  },
  RulesFailing: {
    fires: { 'prometheus_rule_evaluation_failures_total{namespace="monitoring",rule_group="g"}': "0+1x20" },
    at: "10m",
    notYet: "5m",
    silent: { 'prometheus_rule_evaluation_failures_total{namespace="monitoring",rule_group="g"}': "3x20" },
  },
};
