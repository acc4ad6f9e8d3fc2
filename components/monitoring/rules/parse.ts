import { restartsIn } from "../../kubernetes/container-restarts";
import type { Watched } from "../args";
import { PROBES } from "../monitors";
import type { RuleGroup } from "./rule";

/** Requests a second over five minutes: all of them, or those whose status code matches. */
const requests = (namespace: string, codes = "") =>
  `sum by (namespace) (rate(parse_server_http_requests_total{namespace="${namespace}"${codes}}[5m]))`;

/** Parse Server: whether it answers, its errors and response times, and whether all of its pods run. */
export function parseRules({ parse }: Watched): RuleGroup {
  const { name, namespace, publicUrl } = parse;
  const of = `namespace="${namespace}"`;
  return {
    name: "parse",
    rules: [
      {
        alert: "ParseDown",
        expr: `probe_success{job="${PROBES.health}", ${of}} == 0`,
        for: "1m",
        severity: "critical",
        summary: "Parse Server in {{ $labels.namespace }} does not answer",
        description: "No client is served: the health endpoint has not answered through the Service for a minute.",
      },
      ...(publicUrl === undefined ? [] : [publicAddressDown(of)]),
      {
        alert: "ParseErrorRate",
        expr: `${requests(namespace, ', code=~"5.."')} / ${requests(namespace)} > 0.05`,
        for: "5m",
        severity: "critical",
        summary: "Parse Server in {{ $labels.namespace }} fails {{ $value | humanizePercentage }} of the requests",
        description: "More than 5 % of the requests end with a server error.",
      },
      {
        alert: "ParseLatency",
        expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(parse_server_http_request_duration_seconds_bucket{${of}}[5m]))) > 2`,
        for: "10m",
        severity: "warning",
        summary:
          "The slowest 5 % of the requests to Parse Server in {{ $labels.namespace }} take more than {{ $value | humanizeDuration }}",
        description: "More than two seconds for 5 % of the requests: users notice it.",
      },
      {
        alert: "ParseRestartLoop",
        expr: `${restartsIn("15m", `${of}, pod=~"${name}-.+"`)} > 2`,
        severity: "warning",
        summary: "{{ $labels.container }} of {{ $labels.pod }} restarted {{ $value | humanize }} times in 15 minutes",
        description: "The container does not stay up; the remaining pods carry its load.",
      },
      {
        alert: "ParseReplicasMissing",
        expr: `kube_deployment_spec_replicas{${of}, deployment="${name}"} > kube_deployment_status_replicas_available{${of}, deployment="${name}"}`,
        for: "10m",
        severity: "warning",
        summary: "Fewer Parse Server pods are available in {{ $labels.namespace }} than the settings ask for",
        description: "Losing one more pod or node may be an outage.",
      },
    ],
  };
}

function publicAddressDown(of: string): RuleGroup["rules"][number] {
  return {
    alert: "ParsePublicAddressDown",
    expr: `probe_success{job="${PROBES.public}", ${of}} == 0`,
    for: "3m",
    severity: "critical",
    summary: "{{ $labels.instance }} does not answer",
    description:
      "Clients outside the cluster are not served: the fault is in the ingress, DNS, the certificate or the load balancer.",
  };
}
