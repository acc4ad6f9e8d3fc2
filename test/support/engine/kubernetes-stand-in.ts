/**
 * Stands in for the provider of `@pulumi/kubernetes` where a stack's cluster is nobody's: it takes every object and
 * keeps none. The real one wants a cluster that answers.
 */
import { changedInputs, type ProviderDefinition, type ResourceType } from "../../../stand-ins/plugin/resource-provider";

/** Kinds that the cloud half puts into a cluster. */
const KINDS = [
  "core/v1:Namespace",
  "core/v1:NamespacePatch",
  "core/v1:Secret",
  "core/v1:ServiceAccount",
  "rbac.authorization.k8s.io/v1:ClusterRole",
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  "apps/v1:Deployment",
];

const INPUTS = ["apiVersion", "kind", "metadata", "spec", "data", "type", "rules", "subjects", "roleRef"];

const object: ResourceType = {
  inputs: INPUTS,
  computedOutputs: [],
  diff: (state, inputs) => ({ changed: changedInputs({ inputs: INPUTS }, state, inputs), replaces: [] }),
  create: (inputs, urn) => ({ id: urn.split("::").pop() ?? "", properties: inputs }),
};

/** The stand-in, for the engine to attach to. */
export const kubernetesStandIn: ProviderDefinition = {
  name: "kubernetes",
  version: "4.99.0",
  resources: Object.fromEntries(KINDS.map((kind) => [`kubernetes:${kind}`, object])),
};
