import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policies } from "../../policy/policies";
import { projectRoot } from "../../policy/project";
import { policyReference, referenceIsCurrent } from "../../policy/reference";

describe("the reference page of the policies", () => {
  it("is current", () => {
    assert.ok(referenceIsCurrent(projectRoot()), "run `node dist/policy/reference.js` and commit docs/policies.md");
  });

  it("is missed where it is missing", () => {
    const root = mkdtempSync(join(tmpdir(), "reference-"));
    try {
      assert.equal(referenceIsCurrent(root), false);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("describes each policy once", () => {
    const headings = [...policyReference().matchAll(/^### (.*)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      headings,
      policies.map(({ name }) => name),
    );
  });
});
