import { restartsIn } from "../../kubernetes/container-restarts";
import type { Watched } from "../args";
import { PROBES } from "../monitors";
import { anyOf, type RuleGroup } from "./rule";

/** Namespaces of the platform. */
export function watchedNamespaces({ backup, gitops, parse }: Watched, monitoring: string): string[] {
  return [parse.namespace, monitoring, backup?.namespace, gitops?.namespace].filter((name) => name !== undefined);
}

/** Pods and volumes of the platform's namespaces. */
export function clusterRules(watched: Watched, monitoring: string): RuleGroup {
  const of = `namespace=~"${anyOf(watchedNamespaces(watched, monitoring))}"`;
  const others = `namespace=~"${anyOf(watchedNamespaces(watched, monitoring).slice(1))}"`;
  const volume = (metric: string) => `kubelet_volume_stats_${metric}_bytes{${others}}`;
  return {
    name: "cluster",
    rules: [
      {
        alert: "PodsPending",
        expr: `sum by (namespace, pod) (kube_pod_status_phase{${of}, phase="Pending"}) > 0`,
        for: "10m",
        severity: "warning",
        summary: "{{ $labels.pod }} in {{ $labels.namespace }} does not start",
        description: "No node has room for it, or its image or a volume is not available.",
      },
      {
        alert: "PodRestartLoop",
        expr: `${restartsIn("30m", others)} > 3`,
        severity: "warning",
        summary: "{{ $labels.container }} of {{ $labels.pod }} in {{ $labels.namespace }} keeps restarting",
        description: "This part of the platform does not work.",
      },
      {
        alert: "VolumeFilling",
        expr: `${volume("available")} / ${volume("capacity")} < 0.1`,
        for: "10m",
        severity: "warning",
        summary:
          "{{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} has {{ $value | humanizePercentage }} left",
        description: "When the volume is full, backups fail or metrics are lost.",
      },
    ],
  };
}

/** Certificates of the public addresses. */
export const certificateRules: RuleGroup = {
  name: "certificates",
  rules: [
    {
      alert: "CertificateExpiring",
      expr: `probe_ssl_earliest_cert_expiry{job="${PROBES.public}"} - time() < 14 * 24 * 3600`,
      for: "1h",
      severity: "warning",
      summary: "The certificate of {{ $labels.instance }} expires in {{ $value | humanizeDuration }}",
      description: "It should have been renewed by now. Clients refuse to connect once it has expired.",
    },
  ],
};
