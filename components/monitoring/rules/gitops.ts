import type { RuleGroup } from "./rule";

/** Flux: whether the cluster is what the repositories say. */
export const gitopsRules: RuleGroup = {
  name: "gitops",
  rules: [
    {
      alert: "GitOpsNotReady",
      expr: 'gotk_resource_info{ready="False"} == 1',
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.customresource_kind }} {{ $labels.name }} in {{ $labels.exported_namespace }} is not ready",
      description: "Changes in the repository do not reach the cluster.",
    },
    {
      alert: "GitOpsSuspended",
      expr: 'gotk_resource_info{suspended="true"} == 1',
      for: "24h",
      severity: "info",
      summary: "{{ $labels.customresource_kind }} {{ $labels.name }} in {{ $labels.exported_namespace }} is suspended",
      description: "It has been suspended for a day or more; it may have been forgotten.",
    },
  ],
};
