import assert from "node:assert/strict";
import { affectedStacks, stacksIn } from "../../../../ops/preview/affected";

const STACKS = ["acme", "dev", "globex"];

describe("stacks that a change affects", () => {
  const cases: Record<string, [string[], string[]]> = {
    "all, for a component": [["components/parse/values.ts"], STACKS],
    "all, for the chart": [["charts/parse-server/values.yaml"], STACKS],
    "all, for a policy": [["policy/cloud/buckets-private.ts"], STACKS],
    "all, for a package": [["package-lock.json"], STACKS],
    "one, for its settings": [["Pulumi.acme.yaml", "README.md"], ["acme"]],
    "one, for a file of its own": [["customers/globex.kubeconfig"], ["globex"]],
    "none, for docs and tests": [["docs/gates.md", "test/unit/platform/versions.test.ts"], []],
    "none, for a stack that is gone": [["Pulumi.initech.yaml"], []],
  };
  for (const [name, [changed, expected]] of Object.entries(cases)) {
    it(`are ${name}`, () => assert.deepEqual(affectedStacks(changed, STACKS), expected));
  }
});

describe("stacks of a project", () => {
  it("are those with a settings file", () => {
    assert.deepEqual(stacksIn(["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dev.yaml", "index.ts"]), ["dev", "prod"]);
  });
});
