import { type Manifest, stackPolicy } from "../definition";
import { ours } from "../frameworks";
import { podLabelsOf, selects } from "../manifests";
import { fewestPods, titleOf } from "./workloads";

function covers(budget: Manifest, workload: Manifest): boolean {
  return (
    budget.kind === "PodDisruptionBudget" &&
    budget.namespace === workload.namespace &&
    selects(budget.object.spec?.selector, podLabelsOf(workload))
  );
}

/** A drained node does not take all pods of one kind with it. */
export const disruptionBudgets = stackPolicy({
  name: "disruption-budgets",
  description: "In production, what runs as several pods says how many may be away at once.",
  level: "mandatory",
  severity: "medium",
  framework: ours("An upgrade of the nodes is no outage"),
  link: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  remedy: "Add a PodDisruptionBudget whose selector matches the pods' labels.",
  *check(stack, { settings }) {
    if (!settings.production) return;
    for (const workload of stack.manifests) {
      if (!["Deployment", "StatefulSet"].includes(workload.kind) || fewestPods(workload, stack) < 2) continue;
      if (stack.manifests.some((manifest) => covers(manifest, workload))) continue;
      yield {
        property: "spec.template.metadata.labels",
        problem: "are selected by no PodDisruptionBudget",
        fix: "add one for these labels",
        object: titleOf(workload),
        urn: workload.resource.urn,
      };
    }
  },
});
