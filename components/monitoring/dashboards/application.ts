import { restartsIn } from "../../kubernetes/container-restarts";
import type { Watched } from "../args";
import { PROBES } from "../monitors";
import { type Board, lines, number } from "./board";

const RATE = "[$__rate_interval]";

/* `container=""` selects the series of a whole pod. */

/** Parse Server: its requests, response times and pods. */
export function parseBoard({ parse }: Watched): Board {
  const { name, namespace } = parse;
  const of = `namespace="${namespace}"`;
  const quantile = (share: number) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(parse_server_http_request_duration_seconds_bucket{${of}}${RATE})))`,
    legend: `${share * 100} %`,
  });
  return {
    id: "onprem-parse",
    title: "Platform / Parse",
    rows: [
      {
        title: "Now",
        panels: [
          number("Answers", "bool_yes_no", `min(probe_success{job="${PROBES.health}", ${of}})`),
          number("Pods available", "short", `kube_deployment_status_replicas_available{${of}, deployment="${name}"}`),
          number("Requests", "reqps", `sum(rate(parse_server_http_requests_total{${of}}[5m]))`),
          number(
            "Response time of the health check",
            "s",
            `avg(probe_duration_seconds{job="${PROBES.health}", ${of}})`,
          ),
        ],
      },
      {
        title: "Requests",
        panels: [
          lines("Requests by outcome", "reqps", {
            expr: `sum by (code) (rate(parse_server_http_requests_total{${of}}${RATE}))`,
            legend: "{{code}}",
          }),
          lines("Response time", "s", quantile(0.5), quantile(0.95), quantile(0.99)),
        ],
      },
      {
        title: "Pods",
        panels: [
          lines("CPU", "short", {
            expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${of}, container=""}${RATE}))`,
            legend: "{{pod}}",
          }),
          lines("Memory", "bytes", {
            expr: `sum by (pod) (container_memory_working_set_bytes{${of}, container=""})`,
            legend: "{{pod}}",
          }),
          lines("Restarts", "short", {
            expr: `sum by (pod) (${restartsIn("1h", of)})`,
            legend: "{{pod}}",
          }),
        ],
      },
    ],
  };
}

/** Parse's database: whether Parse reaches it, and, where it runs in the cluster, its pods and volumes. */
export function databaseBoard({ databaseInCluster, parse }: Watched): Board {
  const of = `namespace="${parse.namespace}"`;
  const seen = {
    title: "Reached by Parse",
    panels: [
      number("Reached", "bool_yes_no", `max(parse_server_database_reachable{${of}})`),
      lines("Reached, by pod", "bool_yes_no", { expr: `parse_server_database_reachable{${of}}`, legend: "{{pod}}" }),
    ],
  };
  const pods = `${of}, pod=~".+-(mongodb|postgresql)-.+", container=""`;
  const inCluster = {
    title: "In the cluster",
    panels: [
      lines(
        "Members",
        "short",
        { expr: `kube_statefulset_status_replicas_ready{${of}}`, legend: "{{statefulset}} ready" },
        { expr: `kube_statefulset_replicas{${of}}`, legend: "{{statefulset}} wanted" },
      ),
      lines("Volumes, share in use", "percentunit", {
        expr: `kubelet_volume_stats_used_bytes{${of}} / kubelet_volume_stats_capacity_bytes{${of}}`,
        legend: "{{persistentvolumeclaim}}",
      }),
      lines("CPU", "short", {
        expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${pods}}${RATE}))`,
        legend: "{{pod}}",
      }),
      lines("Memory", "bytes", {
        expr: `sum by (pod) (container_memory_working_set_bytes{${pods}})`,
        legend: "{{pod}}",
      }),
    ],
  };
  return { id: "onprem-database", title: "Platform / Database", rows: databaseInCluster ? [seen, inCluster] : [seen] };
}
