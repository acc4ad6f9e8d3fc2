import assert from "node:assert/strict";
import { objectMetadata, platformLabels } from "../../../components/kubernetes/object-metadata";

describe("metadata of objects", () => {
  it("adopts an object that exists already, beside the annotations of its own", () => {
    const surroundings = { namespace: "apps", labels: platformLabels("acme") };
    assert.deepEqual(objectMetadata("web", surroundings, { "example.com/a": "b" }), {
      name: "web",
      namespace: "apps",
      labels: { "app.kubernetes.io/part-of": "onprem-platform", "onprem.platform/customer": "acme" },
      annotations: { "pulumi.com/patchForce": "true", "example.com/a": "b" },
    });
  });

  it("takes a domain's label in place of the platform's", () => {
    assert.deepEqual(platformLabels("acme", { "app.kubernetes.io/part-of": "flux" }), {
      "app.kubernetes.io/part-of": "flux",
      "onprem.platform/customer": "acme",
    });
  });
});
