import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { projectChart } from "../../components/parse/chart";
import { helm, renderValues } from "../support/chart/render";
import { type SettingsName, settings } from "../support/chart/settings";

/** Helm 4 from ONPREM_HELM4, else from PATH, where the lab's part `gitops` has it; a missing one is an error. */
const helm4 = process.env.ONPREM_HELM4 ?? "helm4";

const chart = projectChart("parse-server");
const versionOf = (program: string) => execFileSync(program, ["version", "--short"], { encoding: "utf8" });

describe("the chart by Helm 3 and by Helm 4", () => {
  it("is rendered by two majors here", () => {
    assert.match(versionOf(helm), /^v3\./);
    assert.match(versionOf(helm4), /^v4\./);
  });

  for (const name of Object.keys(settings) as SettingsName[]) {
    it(`comes to the same objects in the same order: ${name}`, () => {
      const byHelm4 = renderValues(settings[name], chart, helm4);
      assert.ok(byHelm4.length > 0);
      assert.deepEqual(byHelm4, renderValues(settings[name], chart, helm));
    });
  }

  it("refuses values that its schema does not allow", () => {
    const wrong = { ...settings.default, replicas: "many" };
    for (const program of [helm, helm4]) assert.throws(() => renderValues(wrong, chart, program), /replicas/, program);
  });
});
