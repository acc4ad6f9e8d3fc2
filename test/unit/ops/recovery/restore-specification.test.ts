import assert from "node:assert/strict";
import { restoreSpecification } from "../../../../ops/recovery/restore-specification";

describe("a restore", () => {
  const wish = { backup: "daily-1", application: "parse" };

  it("of the namespace leaves nothing out", () => {
    assert.deepEqual(restoreSpecification({ ...wish, extent: "namespace" }), {
      backupName: "daily-1",
      includedNamespaces: ["parse"],
    });
  });

  it("of the database touches nothing but its workload and its volumes", () => {
    const { includedResources, labelSelector } = restoreSpecification({ ...wish, extent: "database" }) as {
      includedResources: string[];
      labelSelector: { matchLabels: Record<string, string> };
    };
    assert.deepEqual(includedResources, ["persistentvolumeclaims", "persistentvolumes", "pods", "statefulsets.apps"]);
    assert.equal(labelSelector.matchLabels["app.kubernetes.io/component"], "database");
  });
});
