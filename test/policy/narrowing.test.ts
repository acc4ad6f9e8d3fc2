import assert from "node:assert/strict";
import { appliesTo } from "../../policy/evaluate";
import { policies } from "../../policy/policies";

const lookingAt = (type: string) => policies.filter((policy) => appliesTo(policy, type)).map(({ name }) => name);

describe("the narrowing of calls", () => {
  it("lets a release and a workload reach every policy on pods", () => {
    for (const type of ["kubernetes:helm.sh/v3:Release", "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Pod"]) {
      for (const name of ["pods-baseline", "pods-restricted", "images-pinned"]) {
        assert.ok(lookingAt(type).includes(name), `${name} on ${type}`);
      }
    }
  });

  it("lets no policy see custom resource definitions", () => {
    assert.deepEqual(lookingAt("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"), []);
  });
});
