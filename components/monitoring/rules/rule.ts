import type { Severity } from "../args";

/** One alert. */
export interface AlertRule {
  /** Name of the alert; its runbook has the same name. */
  readonly alert: string;
  /** PromQL. */
  readonly expr: string;
  /** How long the condition must hold before the alert fires. Absent: it fires at once. */
  readonly for?: string;
  /** `none`: for machines only. */
  readonly severity: Severity | "none";
  /** One line: what is wrong, and where. */
  readonly summary: string;
  /** What it means for those who use the platform. */
  readonly description: string;
}

/** Alerts that belong together. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

/** Folder of the runbooks in this project. */
const RUNBOOKS = "docs/runbooks";

/** File name of an alert's runbook: `ParseDown` → `parse-down.md`. */
export function runbookFile(alert: string): string {
  return `${alert.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}

/**
 * Where an alert's runbook is.
 * @param base address under which `docs/runbooks` is published. Absent: the path in this project.
 */
export function runbookUrl(alert: string, base: string | undefined): string {
  return `${base?.replace(/\/$/, "") ?? RUNBOOKS}/${runbookFile(alert)}`;
}

/**
 * Specification of a PrometheusRule.
 * See https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRuleSpec
 */
export function prometheusRuleSpec(group: RuleGroup, runbooksUrl: string | undefined) {
  const rules = group.rules.map(({ alert, expr, severity, summary, description, ...more }) => ({
    alert,
    expr,
    ...(more.for === undefined ? {} : { for: more.for }),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(alert, runbooksUrl) },
  }));
  return { groups: [{ name: `onprem-${group.name}`, rules }] };
}

/** A PromQL matcher for any of these values, each taken literally. */
export function anyOf(values: readonly string[]): string {
  return values.map((value) => value.replace(/[.*+?^${}()|[\]]/g, "\\\\$&")).join("|");
}
