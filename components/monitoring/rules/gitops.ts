import type { RuleGroup } from "./rule";

/** Flux: what the repository says is what runs. */
export const gitopsRules: RuleGroup = {
  name: "gitops",
  rules: [
    {
      alert: "GitOpsNotReady",
      expr: 'gotk_resource_info{ready="False"} == 1',
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.customresource_kind }} {{ $labels.name }} in {{ $labels.exported_namespace }} is not ready",
      description: "Changes of the repository do not reach the cluster.",
    },
    {
      alert: "GitOpsSuspended",
      expr: 'gotk_resource_info{suspended="true"} == 1',
      for: "24h",
      severity: "info",
      summary: "{{ $labels.customresource_kind }} {{ $labels.name }} in {{ $labels.exported_namespace }} is suspended",
      description: "Somebody stopped it a day ago or more, and may have forgotten it.",
    },
  ],
};
