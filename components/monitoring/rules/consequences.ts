/** Alerts that say nothing new while the condition of another one holds. */
import type { RuleGroup } from "./rule";

/** One alert, and those that only follow from it. */
export interface Consequence {
  readonly cause: string;
  readonly alerts: readonly string[];
  /** Labels in which both have to agree; none: whatever in the cluster has the cause. */
  readonly same: readonly string[];
}

/** What follows from what. */
export const CONSEQUENCES: readonly Consequence[] = [
  {
    cause: "ParseDown",
    alerts: ["ParsePublicAddressDown", "ParseErrorRate", "ParseLatency", "ParseReplicasMissing"],
    same: ["namespace"],
  },
  {
    cause: "DatabaseUnreachable",
    alerts: ["ParseDown", "ParsePublicAddressDown", "ParseErrorRate", "ParseLatency"],
    same: ["namespace"],
  },
  {
    cause: "NodeNotReady",
    alerts: ["NodePressure", "ParseReplicasMissing", "DatabaseMemberDown", "PodsPending"],
    same: [],
  },
];

/**
 * The groups, with each consequence held back while its cause is there; one that fired before stays until it is over.
 *
 * Alertmanager's own inhibition is not used: it also holds back the news that an alert is over, and an incident that
 * was opened before the cause was seen stays open for ever (https://github.com/prometheus/alertmanager/issues/2754).
 */
export function holdBackConsequences(groups: readonly RuleGroup[]): RuleGroup[] {
  const all = groups.flatMap(({ rules }) => rules);
  const conditionOf = (alert: string) =>
    all
      .filter((rule) => rule.alert === alert)
      .map(({ expr }) => `(${expr})`)
      .join(" or ");
  const heldBack = (alert: string, expr: string): string => {
    const causes = CONSEQUENCES.filter(({ alerts }) => alerts.includes(alert));
    if (causes.length === 0) return expr;
    const unless = causes.map(({ cause, same }) => `unless on (${same.join(", ")}) (${conditionOf(cause)})`).join(" ");
    const fired = `ALERTS{alertname="${alert}", alertstate="firing"}`;
    return `((${expr}) ${unless}) or ((${expr}) and ignoring (alertname, alertstate, severity) ${fired})`;
  };
  return groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => ({ ...rule, expr: heldBack(rule.alert, rule.expr) })),
  }));
}
