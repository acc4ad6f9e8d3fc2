import assert from "node:assert/strict";
import type { PolicyFinding } from "../../../ops/preview/findings";
import { policies } from "../../../policy/policies";
import { type MutatedPreview, MutatedProject } from "../../support/lab/mutated-project";
import { cloudMutations } from "../../support/policy-mutations/cloud";
import { brokenChart, kubernetesMutations } from "../../support/policy-mutations/kubernetes";
import type { PolicyMutation } from "../../support/policy-mutations/mutation";
import { platformMutations, shownMutations } from "../../support/policy-mutations/platform";

interface Stack {
  project: () => MutatedProject;
  /** What must be in a preview of the stack as it is. */
  parts: readonly string[];
  /** One line for each policy, all in one preview. */
  mutations: readonly PolicyMutation[];
}

const STACKS: Readonly<Record<string, Stack>> = {
  "the stack dev": {
    project: () => new MutatedProject("dev"),
    parts: ["core/v1:Namespace", "helm.sh/v3:Release"],
    mutations: [brokenChart, ...shownMutations],
  },
  "the stack prod": {
    project: () => new MutatedProject("prod"),
    parts: [
      "gcp:container:Cluster",
      "gcp:compute:Instance",
      "rancher2:index:Cluster",
      "helm.sh/v3:Release",
      "velero.io/v1:BackupStorageLocation",
      "gcp:storage:Bucket",
    ],
    mutations: [...cloudMutations, ...kubernetesMutations, ...platformMutations],
  },
};

const decided = (findings: readonly PolicyFinding[]) => findings.filter(({ level }) => level !== "undecided");
const namesOf = (findings: readonly { policy: string }[]) => [...new Set(findings.map(({ policy }) => policy))].sort();

describe("one changed line of the program, its settings or its chart", () => {
  it("there is for every policy of the pack", () => {
    const rows = Object.values(STACKS)
      .flatMap(({ mutations }) => mutations)
      .map(({ policy }) => policy);
    assert.deepEqual(rows.sort(), policies.map(({ name }) => name).sort());
  });
});

for (const [name, { project: prepared, parts, mutations }] of Object.entries(STACKS)) {
  describe(`the policy pack on ${name}, on the lab's engine`, () => {
    let project: MutatedProject;
    let preview: MutatedPreview;

    before(() => {
      project = prepared();
      return project.create();
    });
    after(() => project.remove());

    it("has nothing else to say of the stack as it is, from nothing to all its parts", async () => {
      const { findings, output } = await project.preview();
      for (const part of parts) assert.ok(output.includes(part), `${part} is not in the preview:\n${output}`);
      // What is about to get no fixes any more depends on the day.
      const lasting = decided(findings).filter(({ policy }) => policy !== "releases-supported");
      assert.deepEqual(namesOf(lasting), [], output);
    });

    it("finds a changed line for each policy, and no policy besides fires", async () => {
      const changes = new Set(mutations.map(({ mutation }) => mutation));
      preview = await project.preview(...changes);
      assert.notEqual(preview.exitCode, 0, preview.output);
      assert.deepEqual(namesOf(decided(preview.findings)), namesOf(mutations), preview.output);
    });

    for (const { finds, policy, on, property } of mutations) {
      it(`finds ${finds}: ${policy}`, () => {
        const messages = decided(preview.findings)
          .filter((finding) => finding.policy === policy)
          .map(({ message }) => message);
        const place = `${on}: ${property} `;
        assert.ok(
          messages.some((message) => message.includes(place)),
          `${place}is not in:\n${messages.join("\n")}`,
        );
        for (const message of messages) assert.match(message, /\nFix: \S/, "names no way out");
      });
    }
  });
}
