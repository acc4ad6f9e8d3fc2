import assert from "node:assert/strict";
import { alertRules } from "../../components/monitoring/rules";
import { CONSEQUENCES } from "../../components/monitoring/rules/consequences";
import { everything } from "../support/monitoring/sample-monitoring";
import { ALERT_CASES, type AlertCase, type Series } from "./alert-cases";
import { expectation, moment, Promtool } from "./promtool";

const HEALTH = 'probe_success{job="parse-health",namespace="parse"}';
const DATABASE = 'parse_server_database_reachable{namespace="parse",pod="a"}';

/** Each cause, there from the first minute to the last. */
const CAUSES: Readonly<Record<string, Series>> = {
  ParseDown: { [HEALTH]: "0x60" },
  DatabaseUnreachable: { [DATABASE]: "0x60" },
  NodeNotReady: { 'kube_node_status_condition{node="two",condition="Ready",status="true"}': "0x60" },
};

/** When an alert is expected to fire, and when not. */
const course = (alert: string, moments: Readonly<Record<string, boolean>>) =>
  Object.entries(moments).map(([at, firing]) => expectation(alert, at, firing));

describe("alerts that follow from another one, by Prometheus' own promtool", () => {
  let promtool: Promtool;

  before(() => {
    promtool = new Promtool(alertRules(everything, "monitoring"));
  });
  after(() => promtool.remove());

  for (const { alerts, cause } of CONSEQUENCES)
    for (const alert of alerts)
      it(`${alert} says nothing while ${cause} does`, () => {
        const { at, fires } = [ALERT_CASES[alert]].flat()[0] as AlertCase;
        const expected = [expectation(cause, at, true), expectation(alert, at, false)];
        assert.match(promtool.testRules([moment(alert, { ...fires, ...CAUSES[cause] }, expected)]), /SUCCESS/);
      });

  it("say nothing where the cause is seen later than they are, but before their time", () => {
    const series = { [HEALTH]: "1x4 0x10", [DATABASE]: "1x5 0x10" };
    const expected = [
      ...course("ParseDown", { "5m": false, "6m": false, "7m": false, "9m": false }),
      expectation("DatabaseUnreachable", "7m", true),
    ];
    assert.match(promtool.testRules([moment("cause seen later", series, expected)]), /SUCCESS/);
  });

  it("speak in their own time when the cause is over and they are not", () => {
    const series = { [HEALTH]: "0x20", [DATABASE]: "0x5 1x15" };
    const expected = course("ParseDown", { "5m": false, "6m": false, "7m": true });
    assert.match(promtool.testRules([moment("cause over", series, expected)]), /SUCCESS/);
  });

  it("say nothing while the pods' metrics can be read only now and then, and the cause goes on", () => {
    const series = { [HEALTH]: "1x4 0x15", [DATABASE]: "1x4 0 stale 0 stale 0 stale 0 stale 0x5" };
    const expected = [
      ...course("DatabaseUnreachable", { "5m": false, "6m": true, "8m": true, "10m": true, "12m": true }),
      ...course("ParseDown", { "6m": false, "8m": false, "10m": false, "12m": false }),
    ];
    assert.match(promtool.testRules([moment("read now and then", series, expected)]), /SUCCESS/);
  });

  it("stay, once they have spoken, until they are over themselves, whatever becomes of the cause", () => {
    const series = { [HEALTH]: "0x12 1x10", [DATABASE]: "1x4 0x10 1x10" };
    const expected = [
      ...course("ParseDown", { "1m": true, "5m": true, "8m": true, "12m": true, "13m": false }),
      ...course("DatabaseUnreachable", { "5m": false, "6m": true, "15m": true, "16m": false }),
    ];
    assert.match(promtool.testRules([moment("spoken before", series, expected)]), /SUCCESS/);
  });
});
