import type { Watched } from "../args";
import type { RuleGroup } from "./rule";

/** Parse's database: whether it answers Parse, and, where it runs in the cluster, its members and volumes. */
export function databaseRules({ databaseInCluster, parse }: Watched): RuleGroup {
  const of = `namespace="${parse.namespace}"`;
  const reached = `parse_server_database_reachable{${of}}`;
  const unreachable = {
    alert: "DatabaseUnreachable",
    // The gauge is each pod's last readiness check; one pod that reaches the database is enough to serve. When the metric
    // cannot be read, the last value of two minutes counts: a failed read must not end the alert.
    expr: `max by (namespace) (${reached} or last_over_time(${reached}[2m])) == 0`,
    for: "1m",
    severity: "critical",
    summary: "No Parse Server pod in {{ $labels.namespace }} reaches the database",
    description: "No client is served: the database is down, has no primary, or cannot be reached over the network.",
  } as const;
  if (!databaseInCluster) return { name: "database", rules: [unreachable] };
  const volume = (metric: string) => `kubelet_volume_stats_${metric}_bytes{${of}}`;
  const left = `${volume("available")} / ${volume("capacity")}`;
  return {
    name: "database",
    rules: [
      unreachable,
      {
        alert: "DatabaseMemberDown",
        expr: `kube_statefulset_replicas{${of}} > kube_statefulset_status_replicas_ready{${of}}`,
        for: "5m",
        severity: "warning",
        summary: "A member of {{ $labels.statefulset }} in {{ $labels.namespace }} is not ready",
        description: "A replica set that loses a second member takes no more writes; a single server serves nobody.",
      },
      {
        alert: "DatabaseVolumeFilling",
        // The rate is extrapolated only once there are three hours of it.
        expr: `${left} < 0.1 or (${left} < 0.4 and predict_linear(${volume("available")}[6h], 4 * 24 * 3600) < 0 and ${volume("available")} offset 3h > 0)`,
        for: "10m",
        severity: "warning",
        summary:
          "{{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} has {{ $value | humanizePercentage }} left",
        description:
          "Less than 10 % is left, or at this rate the volume is full within four days. A database stops when its volume is full.",
      },
    ],
  };
}
