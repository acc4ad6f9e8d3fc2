import type { RuleGroup } from "./rule";

const FILES = 'fstype!="", mountpoint!~"/(run|boot).*"';
const free = `node_filesystem_avail_bytes{${FILES}}`;
const size = `node_filesystem_size_bytes{${FILES}}`;

/** Nodes: whether they are ready, and have CPU, memory and disk left. */
export const nodeRules: RuleGroup = {
  name: "nodes",
  rules: [
    {
      alert: "NodeNotReady",
      expr: 'kube_node_status_condition{condition="Ready", status="true"} == 0',
      for: "2m",
      severity: "critical",
      summary: "Node {{ $labels.node }} is not ready",
      description: "After five minutes its pods are started on other nodes, if they have room.",
    },
    {
      alert: "NodePressure",
      expr: 'kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"} == 1',
      for: "2m",
      severity: "warning",
      summary: "Node {{ $labels.node }} is under {{ $labels.condition }}",
      description: "The kubelet evicts pods from it.",
    },
    {
      alert: "NodeCpuBusy",
      expr: '1 - avg by (instance, node) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.9',
      for: "15m",
      severity: "warning",
      summary: "CPU use of {{ $labels.node }} is {{ $value | humanizePercentage }}",
      description: "Everything on the node becomes slow.",
    },
    {
      alert: "NodeMemoryShort",
      expr: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.node }} has {{ $value | humanizePercentage }} of its memory left",
      description: "When it runs out of memory, pods are evicted or killed.",
    },
    {
      alert: "NodeDiskFilling",
      // The rate is extrapolated only once there are three hours of it.
      expr: `${free} / ${size} < 0.1 or (${free} / ${size} < 0.3 and predict_linear(${free}[6h], 24 * 3600) < 0 and ${free} offset 3h > 0)`,
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.mountpoint }} of {{ $labels.node }} has {{ $value | humanizePercentage }} left",
      description:
        "Less than 10 % is left, or at this rate it is full within a day. The kubelet evicts pods before that.",
    },
  ],
};
