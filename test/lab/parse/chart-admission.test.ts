import assert from "node:assert/strict";
import { execa } from "execa";
import { paths } from "../../../lab/layout";
import { kubectl } from "../../../lab/node/start";
import { labEnvironment } from "../../../lab/stack";
import { render } from "../../support/chart/render";
import { type SettingsName, settings } from "../../support/chart/settings";

describe("what the chart renders, before a real API server", () => {
  const namespace = "chart-admission";

  before(async () => {
    await kubectl("create", "namespace", namespace);
    await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
    await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted");
  });
  after(() => kubectl("delete", "namespace", namespace, "--wait=false"));

  for (const name of Object.keys(settings) as SettingsName[]) {
    it(`is accepted as it stands, without a warning: ${name}`, async () => {
      const objects = render(name).map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
      const list = { apiVersion: "v1", kind: "List", items: objects };
      const args = ["create", "--dry-run=server", "--validate=strict", "--filename", "-"];
      const { stdout, stderr } = await execa("kubectl", ["--kubeconfig", paths.kubeconfig, ...args], {
        env: labEnvironment(),
        input: JSON.stringify(list),
      });
      assert.equal(stderr, "");
      assert.equal(stdout.split("\n").length, objects.length);
    });
  }
});
