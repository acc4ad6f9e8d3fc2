import type { Watched } from "../args";
import { watchedNamespaces } from "./cluster";
import { anyOf, type RuleGroup } from "./rule";

/** The monitoring itself: a sick watchman is worse than none. */
export function monitoringRules(watched: Watched, monitoring: string): RuleGroup {
  const of = `namespace="${monitoring}"`;
  return {
    name: "monitoring",
    rules: [
      {
        alert: "Watchdog",
        expr: "vector(1)",
        severity: "none",
        summary: "Alerts get through",
        description: "Fires always. Whoever no longer hears it has lost the monitoring.",
      },
      {
        alert: "TargetDown",
        expr: `up{namespace=~"${anyOf([...watchedNamespaces(watched, monitoring), "kube-system", "default"])}"} == 0`,
        for: "5m",
        severity: "warning",
        summary: "Metrics of {{ $labels.job }} at {{ $labels.instance }} cannot be read",
        description: "What they would show is not watched.",
      },
      {
        alert: "NotificationsFailing",
        expr: `sum by (integration) (rate(alertmanager_notifications_failed_total{${of}}[5m])) > 0`,
        for: "5m",
        severity: "critical",
        summary: "Alertmanager cannot notify by {{ $labels.integration }}",
        description: "Alerts fire and nobody hears of them this way.",
      },
      {
        alert: "RulesFailing",
        expr: `sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total{${of}}[5m])) > 0`,
        for: "5m",
        severity: "warning",
        summary: "Prometheus cannot evaluate {{ $labels.rule_group }}",
        description: "The alerts of this group do not fire.",
      },
    ],
  };
}
