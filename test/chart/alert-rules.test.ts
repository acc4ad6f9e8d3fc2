import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertRules } from "../../components/monitoring/rules";
import { prometheusRuleSpec } from "../../components/monitoring/rules/rule";
import { everything } from "../unit/monitoring/sample-monitoring";
import { ALERT_CASES, type AlertCase, type Series } from "./alert-cases";

const groups = alertRules(everything, "monitoring");
const names = [...new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)))];

/** What promtool is to find: whether an alert fires at a moment. */
const expectation = (alert: string, at: string, firing: boolean) => ({
  expr: `count by (alertname) (ALERTS{alertname="${alert}", alertstate="firing"})`,
  eval_time: at,
  exp_samples: firing ? [{ labels: `{alertname="${alert}"}`, value: 1 }] : [],
});

const moment = (name: string, series: Series, expected: object[], interval = "1m") => ({
  name,
  interval,
  input_series: Object.entries(series).map(([metric, values]) => ({ series: metric, values })),
  promql_expr_test: expected,
});

function testsOf(alert: string, { at, every, fires, notYet, silent }: AlertCase) {
  const early = notYet === undefined ? [] : [expectation(alert, notYet, false)];
  return [
    moment(`${alert} fires`, fires, [...early, expectation(alert, at, true)], every),
    moment(`${alert} stays silent`, silent, [expectation(alert, at, false)], every),
  ];
}

describe("alert rules, by Prometheus' own promtool", function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "alert-rules-"));
    const rules = groups.flatMap((group) => prometheusRuleSpec(group).groups);
    writeFileSync(join(folder, "rules.yaml"), stringify({ groups: rules }));
  });
  after(() => rmSync(folder, { recursive: true }));

  function promtool(...args: string[]): string {
    try {
      return execFileSync("promtool", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      const { message, stderr, stdout } = error as Error & { stderr?: string; stdout?: string };
      throw new Error(`promtool ${args.join(" ")}: ${message}\n${stdout ?? ""}${stderr ?? ""}`);
    }
  }

  function testRules(tests: object[], every = "1m"): string {
    const suite = { rule_files: ["rules.yaml"], evaluation_interval: every, tests };
    writeFileSync(join(folder, "tests.yaml"), stringify(suite, { aliasDuplicateObjects: false }));
    return promtool("test", "rules", "tests.yaml");
  }

  it("are valid", () => {
    assert.match(
      promtool("check", "rules", "--lint=none", "rules.yaml"),
      new RegExp(`${groups.flatMap(({ rules }) => rules).length} rules found`),
    );
  });

  it("have a case each, but for the one that always fires", () => {
    assert.deepEqual(
      names.filter((name) => name !== "Watchdog" && !(name in ALERT_CASES)),
      [],
    );
    assert.deepEqual(
      Object.keys(ALERT_CASES).filter((name) => !names.includes(name)),
      [],
    );
  });

  for (const every of ["1m", "10m", "30m"] as const) {
    it(`fire when they should, not before their time, and stay silent when nothing is wrong, looked at every ${every}`, () => {
      const tests = Object.entries(ALERT_CASES).flatMap(([alert, cases]) =>
        ([cases].flat() as AlertCase[])
          .filter((one) => (one.every ?? "1m") === every)
          .flatMap((one) => testsOf(alert, one)),
      );
      assert.match(testRules(tests, every), /SUCCESS/);
    });
  }

  it("fire always for the Watchdog", () => {
    assert.match(testRules([moment("Watchdog", {}, [expectation("Watchdog", "0m", true)])]), /SUCCESS/);
  });

  it("say what, where, and which page helps", () => {
    const suite = moment("ParseDown", { 'probe_success{job="parse-health",namespace="parse"}': "0x10" }, []);
    const exp_alerts = [
      {
        exp_labels: { severity: "critical", job: "parse-health", namespace: "parse" },
        exp_annotations: {
          summary: "Parse Server in parse does not answer",
          description: "Nobody is served: the health address behind the Service has not answered for a minute.",
          runbook_url: "docs/runbooks/parse-down.md",
        },
      },
    ];
    const alert_rule_test = [{ eval_time: "2m", alertname: "ParseDown", exp_alerts }];
    assert.match(testRules([{ ...suite, alert_rule_test }]), /SUCCESS/);
  });
});
