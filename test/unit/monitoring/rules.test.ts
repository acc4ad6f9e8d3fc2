import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { alertRules } from "../../../components/monitoring/rules";
import { CONSEQUENCES } from "../../../components/monitoring/rules/consequences";
import { prometheusRuleSpec, runbookFile, runbookUrl } from "../../../components/monitoring/rules/rule";
import { projectChart } from "../../../components/parse/chart";
import { everything } from "../../support/monitoring/sample-monitoring";

const RUNBOOKS = resolve(projectChart("parse-server"), "..", "..", "docs", "runbooks");
const groups = alertRules(everything, "monitoring");
const rules = groups.flatMap((group) => group.rules);

describe("alert rules", () => {
  for (const alert of new Set(rules.map((rule) => rule.alert))) {
    it(`${alert} has a runbook that says what it is, where to look and what to do`, () => {
      const file = join(RUNBOOKS, runbookFile(alert));
      assert.ok(existsSync(file), `${file} is missing`);
      const text = readFileSync(file, "utf8");
      assert.ok(text.startsWith(`# ${alert}\n`));
      for (const heading of ["## Look", "## Do"]) assert.ok(text.includes(heading), heading);
    });
  }

  it("leave no runbook over, and no link in one that leads nowhere", () => {
    const wanted = new Set(rules.map((rule) => runbookFile(rule.alert)));
    for (const file of readdirSync(RUNBOOKS)) {
      assert.ok(wanted.has(file), `${file} belongs to no alert`);
      for (const [, target = ""] of readFileSync(join(RUNBOOKS, file), "utf8").matchAll(/\]\(([^)]+)\)/g))
        assert.ok(existsSync(join(RUNBOOKS, target)), `${file} links to ${target}`);
    }
  });

  it("are on the page of the monitoring, each with its runbook", () => {
    const page = readFileSync(resolve(RUNBOOKS, "..", "monitoring.md"), "utf8");
    for (const { alert } of rules) assert.ok(page.includes(`[${alert}](runbooks/${runbookFile(alert)})`), alert);
  });

  it("have groups of names that are each there once", () => {
    const names = groups.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });

  it("follow from alerts that there are, and are alerts that there are", () => {
    const known = rules.map(({ alert }) => alert);
    for (const { alerts, cause } of CONSEQUENCES)
      for (const alert of [cause, ...alerts]) assert.ok(known.includes(alert), alert);
  });

  it("watch nothing that a stack does not have", () => {
    const parse = { ...everything.parse, publicUrl: undefined };
    const small = alertRules({ parse, databaseInCluster: false, backup: undefined, gitops: undefined }, "monitoring");
    const names = small.flatMap((group) => group.rules.map((rule) => rule.alert));
    for (const name of names) assert.doesNotMatch(name, /Backup|Restore|GitOps|Certificate|Public|Member/);
    assert.ok(names.includes("DatabaseUnreachable"));
    assert.doesNotMatch(JSON.stringify(small), /velero|gotk|undefined/);
  });

  it("link to where the runbooks are published", () => {
    assert.equal(runbookUrl("ParseDown", "https://wiki.example.com/r/"), "https://wiki.example.com/r/parse-down.md");
    const [group] = prometheusRuleSpec({ name: "x", rules: rules.slice(0, 1) }, undefined).groups;
    assert.equal(group?.rules[0]?.annotations.runbook_url, "docs/runbooks/parse-down.md");
  });
});
