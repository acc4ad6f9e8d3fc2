import type { Watched } from "../args";
import { watchedNamespaces } from "./cluster";
import { anyOf, type RuleGroup } from "./rule";

/** The monitoring itself: whether it reads metrics, evaluates rules and sends alerts. */
export function monitoringRules(watched: Watched, monitoring: string): RuleGroup {
  const of = `namespace="${monitoring}"`;
  return {
    name: "monitoring",
    rules: [
      {
        alert: "Watchdog",
        expr: "vector(1)",
        severity: "none",
        summary: "Alerts are delivered",
        description:
          "This alert always fires. When it stops arriving, Prometheus or Alertmanager is down, or cannot send.",
      },
      {
        alert: "TargetDown",
        expr: `up{namespace=~"${anyOf([...watchedNamespaces(watched, monitoring), "kube-system", "default"])}"} == 0`,
        for: "5m",
        severity: "warning",
        summary: "Metrics of {{ $labels.job }} at {{ $labels.instance }} cannot be read",
        description: "Alerts on these metrics cannot fire.",
      },
      {
        alert: "NotificationsFailing",
        expr: `sum by (integration) (rate(alertmanager_notifications_failed_total{${of}}[5m])) > 0`,
        for: "5m",
        severity: "critical",
        summary: "Alertmanager cannot notify by {{ $labels.integration }}",
        description: "Alerts fire, and their receivers of this kind do not get them.",
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
