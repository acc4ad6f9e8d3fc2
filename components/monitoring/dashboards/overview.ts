import { type Board, lines, number } from "./board";

const share = (title: string, expr: string, legend: string) => ({
  ...lines(title, "percentunit", { expr, legend }),
  range: [0, 1] as const,
});
const RATE = "[$__rate_interval]";

/** Overview: the nodes and Kubernetes itself. */
export const overviewBoard: Board = {
  id: "onprem-overview",
  title: "Platform / Overview",
  rows: [
    {
      title: "Now",
      panels: [
        number("Nodes ready", "short", 'sum(kube_node_status_condition{condition="Ready", status="true"})'),
        number("Pods running", "short", 'sum(kube_pod_status_phase{phase="Running"})'),
        number("Pods pending", "short", 'sum(kube_pod_status_phase{phase="Pending"})'),
        number("Alerts", "short", 'count(ALERTS{alertstate="firing", severity=~"critical|warning"}) or vector(0)'),
      ],
    },
    {
      title: "Nodes",
      panels: [
        share("CPU", `1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}${RATE}))`, "{{node}}"),
        lines("Load per core", "short", {
          expr: 'sum by (node) (node_load5) / count by (node) (node_cpu_seconds_total{mode="idle"})',
          legend: "{{node}}",
        }),
        share("Memory", "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{node}}"),
        share(
          "Disk",
          'max by (node, mountpoint) (1 - node_filesystem_avail_bytes{fstype!=""} / node_filesystem_size_bytes{fstype!=""})',
          "{{node}} {{mountpoint}}",
        ),
        lines(
          "Disk, read and written",
          "Bps",
          { expr: `sum by (node) (rate(node_disk_read_bytes_total${RATE}))`, legend: "{{node}} read" },
          { expr: `sum by (node) (rate(node_disk_written_bytes_total${RATE}))`, legend: "{{node}} written" },
        ),
        lines(
          "Network",
          "Bps",
          {
            expr: `sum by (node) (rate(node_network_receive_bytes_total{device!="lo"}${RATE}))`,
            legend: "{{node}} in",
          },
          {
            expr: `sum by (node) (rate(node_network_transmit_bytes_total{device!="lo"}${RATE}))`,
            legend: "{{node}} out",
          },
        ),
        lines(
          "Network packets",
          "pps",
          {
            expr: `sum by (node) (rate(node_network_receive_packets_total{device!="lo"}${RATE}))`,
            legend: "{{node}} in",
          },
          {
            expr: `sum by (node) (rate(node_network_transmit_packets_total{device!="lo"}${RATE}))`,
            legend: "{{node}} out",
          },
        ),
      ],
    },
    {
      title: "Kubernetes",
      panels: [
        lines("API requests", "reqps", {
          expr: `sum by (verb) (rate(apiserver_request_total${RATE}))`,
          legend: "{{verb}}",
        }),
        lines("API latency, 95 %", "s", {
          expr: `histogram_quantile(0.95, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{verb!~"WATCH|CONNECT"}${RATE})))`,
          legend: "{{verb}}",
        }),
        lines("Pods that no node has room for", "short", {
          expr: "sum by (namespace) (kube_pod_status_unschedulable) or vector(0)",
          legend: "{{namespace}}",
        }),
        lines("Memory by namespace", "bytes", {
          expr: 'sum by (namespace) (container_memory_working_set_bytes{pod!="", container=""})',
          legend: "{{namespace}}",
        }),
      ],
    },
  ],
};
