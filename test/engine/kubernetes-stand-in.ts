/**
 * Stands in for the provider of `@pulumi/kubernetes` where a stack's cluster is nobody's: it takes every object and
 * keeps none. The real one wants a cluster that answers.
 */
import { chmodSync, writeFileSync } from "node:fs";
import { changedInputs, type ResourceType, serveProvider } from "../../lab/plugins/resource-provider";

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

/** Writes an executable that serves the stand-in; for `installPlugins`. */
export function writeKubernetesStandIn(path: string): string {
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${__filename}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

if (require.main === module) {
  const resources = Object.fromEntries(KINDS.map((kind) => [`kubernetes:${kind}`, object]));
  void serveProvider({ name: "kubernetes", version: "4.99.0", resources });
}
