/** Alerts that follow from another alert's condition, and are held back while it holds. */
import type { RuleGroup } from "./rule";

/** One alert, and those that follow from it. */
export interface Consequence {
  readonly cause: string;
  readonly alerts: readonly string[];
  /** Labels that must be the same in both. Empty: the cause may be anywhere in the cluster. */
  readonly same: readonly string[];
}

/** Every cause with the alerts that follow from it. */
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
 * The groups, with each alert held back while the condition of its cause holds; one that fired before goes on until its
 * own condition ends.
 *
 * Alertmanager's own inhibition is not used: it also holds back the notification that an alert is resolved, so that an
 * incident that was opened before the cause fired stays open for ever (https://github.com/prometheus/alertmanager/issues/2754).
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
