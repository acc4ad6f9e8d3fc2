import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lab/layout";
import { cloudMutations } from "../../support/policy-mutations/cloud";
import { brokenChart, kubernetesMutations } from "../../support/policy-mutations/kubernetes";
import { platformMutations, shownMutations } from "../../support/policy-mutations/platform";

describe("the changed lines by which policies are tested", () => {
  for (const { finds, mutation } of [
    ...[brokenChart, ...shownMutations],
    ...[...cloudMutations, ...kubernetesMutations, ...platformMutations],
  ]) {
    if (!("file" in mutation)) continue;
    it(`have their place: ${finds}`, () => {
      const { file, from } = mutation;
      assert.ok(readFileSync(join(projectRoot, file), "utf8").includes(from), `${file} does not hold "${from}"`);
    });
  }
});
