/** What a report asks of Prometheus. Pure data. */

import { restartsIn } from "../../components/kubernetes/container-restarts";
import { NO_PROBES } from "../../components/kubernetes/probe-mark";
import { DRILL_PASSED } from "../../components/platform/drill-record";
import type { Unit } from "./report";

/** A number. */
export interface FigureQuestion {
  readonly title: string;
  readonly unit: Unit;
  /** PromQL; `$span` is the length of the report. */
  readonly expr: string;
  /** Whether a value is as it should be. Default: it is neither. */
  readonly good?: (value: number) => boolean;
}

/** Values over time. */
export interface PlotQuestion {
  readonly title: string;
  readonly unit: Unit;
  /** PromQL; `$step` is the distance of two points. */
  readonly expr: string;
  /** Label that names each line, or the name of the only line. */
  readonly name: string;
  /** Name of the line that has no such label. Default: as `name`. */
  readonly otherwise?: string;
}

/** What holds now, or did a moment ago: a single read that failed leaves Prometheus without a value for now. */
const now = (expr: string) => `last_over_time((${expr})[5m:30s])`;

/** Numbers at the top of a report. */
export const FIGURES: readonly FigureQuestion[] = [
  {
    title: "Parse answered",
    unit: "share",
    expr: 'avg_over_time(min(probe_success{job="parse-health"})[$span:1m])',
    good: (value) => value > 0.999,
  },
  { title: "Requests", unit: "count", expr: "round(sum(increase(parse_server_http_requests_total[$span])))" },
  {
    title: "Requests that failed",
    unit: "share",
    expr: '(sum(increase(parse_server_http_requests_total{code=~"5.."}[$span])) or vector(0)) / (sum(increase(parse_server_http_requests_total[$span])) > 0)',
    good: (value) => value < 0.01,
  },
  {
    title: "95 % of the answers within",
    unit: "seconds",
    expr: "histogram_quantile(0.95, sum by (le) (rate(parse_server_http_request_duration_seconds_bucket[$span])))",
    good: (value) => value < 1,
  },
  {
    title: "Nodes not ready",
    unit: "count",
    expr: now('sum(1 - kube_node_status_condition{condition="Ready", status="true"})'),
    good: (value) => value === 0,
  },
  {
    title: "Pods not running",
    unit: "count",
    expr: now('sum(kube_pod_status_phase{phase=~"Pending|Failed|Unknown"})'),
    good: (value) => value === 0,
  },
  {
    title: "Pods, of those that fit",
    unit: "share",
    expr: now('sum(kube_pod_status_phase{phase="Running"}) / sum(kube_node_status_allocatable{resource="pods"})'),
    good: (value) => value < 0.9,
  },
  {
    title: "Restarts of containers",
    unit: "count",
    expr: `sum(${restartsIn("$span", "", ["namespace", "pod", "uid", "container"])})`,
  },
  {
    title: "CPU in use",
    unit: "share",
    expr: '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$span]))',
    good: (value) => value < 0.9,
  },
  {
    title: "Memory in use",
    unit: "share",
    expr: now("1 - sum(node_memory_MemAvailable_bytes) / sum(node_memory_MemTotal_bytes)"),
    good: (value) => value < 0.9,
  },
  {
    title: "Fullest disk",
    unit: "share",
    expr: now('max(1 - node_filesystem_avail_bytes{fstype!=""} / node_filesystem_size_bytes{fstype!=""})'),
    good: (value) => value < 0.85,
  },
  {
    title: "Newest good backup",
    unit: "seconds",
    expr: now(`time() - max(velero_backup_last_successful_timestamp{${NO_PROBES}})`),
  },
  {
    title: "Last proven restore",
    unit: "seconds",
    expr: now(`time() - max(kube_configmap_created{configmap="${DRILL_PASSED}"})`),
  },
  {
    title: "Backups that failed",
    unit: "count",
    expr: `round(sum(increase(velero_backup_failure_total{${NO_PROBES}}[$span])) + sum(increase(velero_backup_partial_failure_total{${NO_PROBES}}[$span])))`,
    good: (value) => value === 0,
  },
];

/** Plots below. */
export const PLOTS: readonly PlotQuestion[] = [
  {
    title: "Parse: requests by outcome",
    unit: "rate",
    expr: "sum by (code) (rate(parse_server_http_requests_total[$step]))",
    name: "code",
  },
  {
    title: "Parse: 95 % of the answers within",
    unit: "seconds",
    expr: "histogram_quantile(0.95, sum by (le) (rate(parse_server_http_request_duration_seconds_bucket[$step])))",
    name: "all pods",
  },
  {
    title: "Nodes: CPU in use",
    unit: "share",
    expr: '1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}[$step]))',
    name: "node",
  },
  {
    title: "Nodes: memory in use",
    unit: "share",
    expr: "max by (node) (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
    name: "node",
  },
  {
    title: "Nodes: fullest disk",
    unit: "share",
    expr: 'max by (node) (1 - node_filesystem_avail_bytes{fstype!=""} / node_filesystem_size_bytes{fstype!=""})',
    name: "node",
  },
  { title: "Pods by phase", unit: "count", expr: "sum by (phase) (kube_pod_status_phase) > 0", name: "phase" },
  {
    title: "Memory by namespace",
    unit: "bytes",
    expr: 'topk(6, sum by (namespace) (container_memory_working_set_bytes{pod!="", container=""}))',
    name: "namespace",
  },
  {
    title: "Age of the newest good backup",
    unit: "seconds",
    expr: `time() - max by (schedule) (velero_backup_last_successful_timestamp{${NO_PROBES}})`,
    name: "schedule",
    otherwise: "made by hand",
  },
];

/** Alerts, each for as many steps as it fired. */
export const ALERTS = 'count_over_time(ALERTS{alertstate="firing", severity=~"critical|warning"}[$span:1m]) * 60';

/** Images of containers, each once, by the label `image_spec`. */
export const IMAGES = "count by (image_spec) (last_over_time(kube_pod_container_info[5m]))";

/** Versions of the nodes' kubelets, each once, by the label `kubelet_version`. */
export const KUBELETS = "count by (kubelet_version) (last_over_time(kube_node_info[5m]))";
