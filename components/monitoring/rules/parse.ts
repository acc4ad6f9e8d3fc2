import { restartsIn } from "../../kubernetes/container-restarts";
import type { Watched } from "../args";
import { PROBES } from "../monitors";
import type { RuleGroup } from "./rule";

/** Requests that the server could not answer, and all; what a client does wrong is none of them. */
const requests = (namespace: string, codes = "") =>
  `sum by (namespace) (rate(parse_server_http_requests_total{namespace="${namespace}"${codes}}[5m]))`;

/** Parse Server: whether it answers, how well, and whether all of it is there. */
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
        description: "Nobody is served: the health address behind the Service has not answered for a minute.",
      },
      ...(publicUrl === undefined ? [] : [publicAddressDown(of)]),
      {
        alert: "ParseErrorRate",
        expr: `${requests(namespace, ', code=~"5.."')} / ${requests(namespace)} > 0.05`,
        for: "5m",
        severity: "critical",
        summary: "Parse Server in {{ $labels.namespace }} fails {{ $value | humanizePercentage }} of the requests",
        description: "More than one request in twenty ends with a server error.",
      },
      {
        alert: "ParseLatency",
        expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(parse_server_http_request_duration_seconds_bucket{${of}}[5m]))) > 2`,
        for: "10m",
        severity: "warning",
        summary:
          "Parse Server in {{ $labels.namespace }} takes {{ $value | humanizeDuration }} for one request in twenty",
        description: "Clients wait noticeably: the slowest twentieth of the requests takes more than two seconds.",
      },
      {
        alert: "ParseRestartLoop",
        expr: `${restartsIn("15m", `${of}, pod=~"${name}-.+"`)} > 2`,
        severity: "warning",
        summary:
          "{{ $labels.container }} of {{ $labels.pod }} was started {{ $value | humanize }} times in a quarter of an hour",
        description: "A container ends again and again; the other pods carry its load, as long as there are others.",
      },
      {
        alert: "ParseReplicasMissing",
        expr: `kube_deployment_spec_replicas{${of}, deployment="${name}"} > kube_deployment_status_replicas_available{${of}, deployment="${name}"}`,
        for: "10m",
        severity: "warning",
        summary: "Fewer Parse Server pods are available in {{ $labels.namespace }} than are wanted",
        description: "The next loss of a pod or node may be an outage.",
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
    description: "Clients outside are not served: ingress, name, certificate or load balancer.",
  };
}
