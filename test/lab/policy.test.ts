import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lab/layout.js";
import type { PolicyFinding } from "../../ops/preview/findings";
import { policies } from "../../policy/policies";
import { type MutatedPreview, MutatedProject, type ProjectMutation } from "./mutated-project";
import { cloudMutations } from "./policy-mutations/cloud";
import { brokenChart, kubernetesMutations } from "./policy-mutations/kubernetes";
import type { PolicyMutation } from "./policy-mutations/mutation";
import { fromOldParse, platformMutations, shownMutations } from "./policy-mutations/platform";

interface Stack {
  name: "dev" | "prod";
  /** Policies that the stack as it is does not follow yet. */
  open: readonly string[];
  /** One line for each policy, all in one preview. */
  mutations: readonly PolicyMutation[];
  /** What a mutation needs to be seen. */
  besides?: readonly ProjectMutation[];
}

const checkedIn = (stack: string) => readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");

const STACKS: readonly Stack[] = [
  { name: "dev", open: [], mutations: [brokenChart, ...shownMutations], besides: [fromOldParse] },
  {
    name: "prod",
    // As long as no version of the program delivers monitoring, the settings leave it out.
    open: checkedIn("prod").includes("\n  onprem:monitoring:")
      ? []
      : ["alert-receiver", "monitoring-covers-components"],
    mutations: [...cloudMutations, ...kubernetesMutations, ...platformMutations],
  },
];

const decided = (findings: readonly PolicyFinding[]) => findings.filter(({ level }) => level !== "undecided");
const namesOf = (findings: readonly { policy: string }[]) => [...new Set(findings.map(({ policy }) => policy))].sort();

describe("one changed line of the program, its settings or its chart", () => {
  it("there is for every policy of the pack", () => {
    const rows = STACKS.flatMap(({ mutations }) => mutations).map(({ policy }) => policy);
    assert.deepEqual(rows.sort(), policies.map(({ name }) => name).sort());
  });
});

for (const { name, open, mutations, besides = [] } of STACKS) {
  describe(`the policy pack on the stack ${name}, on the lab's engine`, function () {
    this.timeout(120_000);
    const project = new MutatedProject(name);
    let preview: MutatedPreview;

    before(() => project.create());
    after(() => project.remove());

    it("has nothing to say of the stack as it is", async () => {
      const { findings, output } = await project.preview();
      // What is about to get no fixes any more depends on the day.
      const lasting = decided(findings).filter(({ policy }) => policy !== "releases-supported");
      assert.deepEqual(namesOf(lasting), open, output);
    });

    it("finds a changed line for each policy, and no policy besides fires", async () => {
      const changes = new Set(mutations.map(({ mutation }) => mutation));
      preview = await project.preview(...changes, ...besides);
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
        for (const message of messages) assert.match(message, /\nMend: \S/, "names no way out");
      });
    }
  });
}
