import assert from "node:assert/strict";
import { deploy, own, SYNC } from "../../support/sample-platform";
import { rancher } from "../../support/settings/valid-settings";

describe("monitoring of the platform", () => {
  const monitored = (sections: Record<string, unknown>) => deploy({ backup: {}, monitoring: {}, ...sections });

  it("comes by the stack's chart from the mirror where there is no Rancher, and watches what there is", async () => {
    const sources = { images: "mirror.example.com", charts: "https://charts.example.com" };
    const run = await monitored({ cluster: own, sources });
    const release = run
      .all("kubernetes:helm.sh/v3:Release")
      .find(({ inputs }) => inputs.chart === "kube-prometheus-stack");
    assert.ok(release);
    assert.deepEqual(release.inputs.repositoryOpts, { repo: "https://charts.example.com" });
    const { global } = release.inputs.values as { global: { imageRegistry: string } };
    assert.equal(global.imageRegistry, "mirror.example.com");
    const rules = run.all("kubernetes:monitoring.coreos.com/v1:PrometheusRule").map(({ name }) => name);
    for (const name of ["rules-parse", "rules-database", "rules-backup"]) assert.ok(rules.includes(name), name);
    assert.ok(!rules.includes("rules-gitops"));
  });

  it("watches each schedule for as long as its own pause asks for", async () => {
    const run = await monitored({ cluster: own });
    const { inputs } = run.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "rules-backup");
    const text = JSON.stringify(inputs.spec);
    for (const [schedule, hours] of Object.entries({ hourly: 3, daily: 49, weekly: 337 })) {
      assert.ok(text.includes(`schedule=\\"${schedule}\\"`), schedule);
      assert.ok(text.includes(`> ${hours} * 3600`), String(hours));
    }
  });

  it("comes by Rancher's app at the version of its line where there is one, once the cluster is active", async () => {
    const run = await monitored({ cluster: own, rancher: rancher({ project: "acme-platform", version: "2.14.4" }) });
    const { inputs } = run.one("rancher2:index/appV2:AppV2");
    assert.deepEqual(
      [inputs.namespace, inputs.chartVersion],
      ["cattle-monitoring-system", "109.0.0+up80.9.1-rancher.5"],
    );
    assert.ok(run.one("onprem:monitoring:Monitoring").dependencies.includes(run.one(SYNC).urn));
  });
});
