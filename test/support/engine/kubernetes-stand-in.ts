/**
 * Stands in for the provider of `@pulumi/kubernetes` where a stack's cluster is nobody's: it takes every object and
 * keeps none. The real one wants a cluster that answers.
 */
import { isDeepStrictEqual } from "node:util";
import type { PropertyMap } from "../../../stand-ins/plugin/property-values";
import type { Difference, ProviderDefinition, ResourceType } from "../../../stand-ins/plugin/resource-provider";

/** What objects have at their top, and what a Helm release has. */
const INPUTS = [
  ...[
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "data",
    "stringData",
    "type",
    "immutable",
    "rules",
    "subjects",
    "roleRef",
  ],
  ...["automountServiceAccountToken", "imagePullSecrets", "provisioner", "parameters", "reclaimPolicy", "webhooks"],
  ...["volumeBindingMode", "allowVolumeExpansion"],
  ...["name", "namespace", "chart", "version", "repositoryOpts", "values", "valueYamlFiles", "createNamespace"],
  ...[
    "atomic",
    "cleanupOnFail",
    "compat",
    "dependencyUpdate",
    "maxHistory",
    "skipAwait",
    "skipCrds",
    "timeout",
    "waitForJobs",
  ],
];

/** What only a new object can have otherwise, by kind: https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/diff.go */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ["data", "binaryData"],
  ClusterRoleBinding: ["roleRef"],
  Deployment: ["spec.selector"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  PersistentVolumeClaim: ["spec"],
  RoleBinding: ["roleRef"],
  Secret: ["data", "stringData", "type"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    ...["podManagementPolicy", "revisionHistoryLimit", "selector", "serviceName", "volumeClaimTemplates"].map(
      (name) => `spec.${name}`,
    ),
  ],
  StorageClass: ["parameters", "provisioner"],
};

function at(properties: PropertyMap, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as PropertyMap | undefined)?.[name], properties);
}

function difference(old: PropertyMap, inputs: PropertyMap): Difference {
  const differ = (path: string) => !isDeepStrictEqual(at(old, path), at(inputs, path));
  const place = ["metadata.name", "metadata.namespace"];
  const replaces = [...place, ...(FIXED[String(inputs.kind)] ?? [])].filter(differ);
  // Two objects of one name cannot be there at once.
  return { changed: INPUTS.filter(differ), replaces, deleteBeforeReplace: !place.some(differ) };
}

/** What a cluster adds: of a Helm release, where it is. */
function withStatus(inputs: PropertyMap): PropertyMap {
  const { chart, name = "", namespace = "" } = inputs;
  return chart ? { ...inputs, status: { name, namespace } } : inputs;
}

const object: ResourceType = {
  inputs: INPUTS,
  computedOutputs: [],
  diff: ({ properties }, inputs) => difference(properties, inputs),
  create: (inputs, urn) => ({ id: urn.split("::").pop() ?? "", properties: withStatus(inputs) }),
  update: (_, inputs) => withStatus(inputs),
};

/** The stand-in, for the engine to attach to. Every kind is known to it. */
export const kubernetesStandIn: ProviderDefinition = {
  name: "kubernetes",
  version: "4.99.0",
  resources: new Proxy<Record<string, ResourceType>>({}, { get: () => object }),
};
