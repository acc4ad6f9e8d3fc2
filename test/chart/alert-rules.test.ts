import assert from "node:assert/strict";
import { alertRules } from "../../components/monitoring/rules";
import { everything } from "../support/monitoring/sample-monitoring";
import { ALERT_CASES, type AlertCase } from "./alert-cases";
import { expectation, moment, Promtool } from "./promtool";

const groups = alertRules(everything, "monitoring");
const names = [...new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)))];

function testsOf(alert: string, { at, every, fires, notYet, silent }: AlertCase) {
  const early = notYet === undefined ? [] : [expectation(alert, notYet, false)];
  return [
    moment(`${alert} fires`, fires, [...early, expectation(alert, at, true)], every),
    moment(`${alert} stays silent`, silent, [expectation(alert, at, false)], every),
  ];
}

describe("alert rules, by Prometheus' own promtool", () => {
  let promtool: Promtool;

  before(() => {
    promtool = new Promtool(groups);
  });
  after(() => promtool.remove());

  it("are valid", () => {
    const number = groups.flatMap(({ rules }) => rules).length;
    assert.match(promtool.checkRules(), new RegExp(`${number} rules found`));
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
      assert.match(promtool.testRules(tests, every), /SUCCESS/);
    });
  }

  it("fire always for the Watchdog", () => {
    const tests = [moment("Watchdog", {}, [expectation("Watchdog", "0m", true)])];
    assert.match(promtool.testRules(tests), /SUCCESS/);
  });

  it("say what, where, and which page helps", () => {
    const suite = moment("ParseDown", { 'probe_success{job="parse-health",namespace="parse"}': "0x10" }, []);
    const exp_alerts = [
      {
        exp_labels: { severity: "critical", job: "parse-health", namespace: "parse" },
        exp_annotations: {
          summary: "Parse Server in parse does not answer",
          description: "No client is served: the health endpoint has not answered through the Service for a minute.",
          runbook_url: "docs/runbooks/parse-down.md",
        },
      },
    ];
    const alert_rule_test = [{ eval_time: "2m", alertname: "ParseDown", exp_alerts }];
    assert.match(promtool.testRules([{ ...suite, alert_rule_test }]), /SUCCESS/);
  });
});
