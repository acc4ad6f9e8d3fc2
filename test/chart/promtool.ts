import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { prometheusRuleSpec, type RuleGroup } from "../../components/monitoring/rules/rule";
import type { Series } from "./alert-cases";

/** What promtool is to find: whether an alert fires at a moment. */
export const expectation = (alert: string, at: string, firing: boolean) => ({
  expr: `count by (alertname) (ALERTS{alertname="${alert}", alertstate="firing"})`,
  eval_time: at,
  exp_samples: firing ? [{ labels: `{alertname="${alert}"}`, value: 1 }] : [],
});

/** One of promtool's tests: series, a step apart, and what is expected of them. */
export const moment = (name: string, series: Series, expected: object[], interval = "1m") => ({
  name,
  interval,
  input_series: Object.entries(series).map(([metric, values]) => ({ series: metric, values })),
  promql_expr_test: expected,
});

/**
 * Rules as Prometheus' own promtool sees them, in a folder of their own.
 * See https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export class Promtool {
  private readonly folder = mkdtempSync(join(tmpdir(), "alert-rules-"));

  constructor(groups: readonly RuleGroup[]) {
    const rules = groups.flatMap((group) => prometheusRuleSpec(group, undefined).groups);
    writeFileSync(join(this.folder, "rules.yaml"), stringify({ groups: rules }));
  }

  /** @throws Error with what promtool said, if it finds a fault */
  checkRules(): string {
    return this.run("check", "rules", "--lint=none", "rules.yaml");
  }

  /** @throws Error with what promtool expected and found, if a test fails */
  testRules(tests: object[], every = "1m"): string {
    const suite = { rule_files: ["rules.yaml"], evaluation_interval: every, tests };
    writeFileSync(join(this.folder, "tests.yaml"), stringify(suite, { aliasDuplicateObjects: false }));
    return this.run("test", "rules", "tests.yaml");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(...args: string[]): string {
    try {
      return execFileSync("promtool", args, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      const { message, stderr, stdout } = error as Error & { stderr?: string; stdout?: string };
      throw new Error(`promtool ${args.join(" ")}: ${message}\n${stdout ?? ""}${stderr ?? ""}`);
    }
  }
}
