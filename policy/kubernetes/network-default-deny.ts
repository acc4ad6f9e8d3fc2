import { type Manifest, stackPolicy } from "../definition";
import { cisKubernetes, links } from "../frameworks";
import { podLabelsOf, selects, workloadKinds } from "../manifests";
import { titleOf } from "./workloads";

/** Whether a NetworkPolicy takes a workload's pods out of "everything is allowed" in a direction. */
function isolates(policy: Manifest, workload: Manifest, direction: "Ingress" | "Egress"): boolean {
  if (policy.kind !== "NetworkPolicy" || policy.namespace !== workload.namespace) return false;
  const spec = policy.object.spec ?? {};
  const directions: string[] = spec.policyTypes ?? ["Ingress", ...(spec.egress ? ["Egress"] : [])];
  return directions.includes(direction) && selects(spec.podSelector ?? {}, podLabelsOf(workload));
}

/** Pods talk to those that they are meant to talk to. */
export const networkDefaultDeny = stackPolicy({
  name: "network-default-deny",
  description: "Every pod of ours is under NetworkPolicies for both directions: what is not allowed is denied.",
  level: "mandatory",
  severity: "high",
  framework: cisKubernetes("5.3.2", "Ensure that all namespaces have network policies defined"),
  link: links.kubernetes,
  remedy: "Add a NetworkPolicy that selects the pods, with both policyTypes, and allow what is needed.",
  *check(stack) {
    for (const workload of stack.manifests) {
      if (!workloadKinds.includes(workload.kind)) continue;
      // Pods in the node's network are beyond NetworkPolicies; pods-baseline judges them.
      if (workload.object.spec?.template?.spec?.hostNetwork === true) continue;
      const open = (["Ingress", "Egress"] as const).filter(
        (direction) => !stack.manifests.some((policy) => isolates(policy, workload, direction)),
      );
      if (open.length === 0) continue;
      yield {
        property: "spec.template.metadata.labels",
        problem: `are selected by no NetworkPolicy for ${open.join(" and ")}`,
        fix: "add one that denies by default, and allow what is needed",
        object: titleOf(workload),
        urn: workload.resource.urn,
      };
    }
  },
});
