import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata } from "./object-metadata";

/** What {@link createProof} makes. */
export interface ProofArgs<Api> {
  /** Name of the resource and of its ConfigMap. */
  readonly name: string;
  /** Unique in the program: beginning of the hooks' names. */
  readonly hooks: string;
  /** Namespace of the ConfigMap. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of the ConfigMap. */
  readonly labels: Record<string, string>;
  /** What was proven, in few characters: other texts are proven again. */
  readonly annotations: Record<string, pulumi.Input<string>>;
  /** The component that it belongs to. */
  readonly parent: pulumi.Resource;
  /** What has to be there first. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** How to reach the cluster; called when there is something to prove. */
  readonly api: () => Promise<Api>;
  /** Proves it; rejects with the reason when it cannot be. */
  readonly prove: (api: Api) => Promise<void>;
}

/**
 * Has `pulumi up` see to something before it ends, and remember that it did: a ConfigMap whose annotations say what was
 * proven. It is made or changed after the proof alone, so that a run that failed on it proves again, and a run that has nothing
 * to prove asks nothing. A hook after the resource itself would be asked once: the engine takes that for made all the same.
 */
export function createProof<Api>(args: ProofArgs<Api>): kubernetes.core.v1.ConfigMap {
  const { annotations, api, dependsOn, hooks, labels, name, namespace, parent, prove } = args;
  const run = async () => prove(await api());
  const hook = (when: string) => new pulumi.ResourceHook(`${hooks}-${when}`, run);
  return new kubernetes.core.v1.ConfigMap(
    name,
    { metadata: objectMetadata(name, { namespace, labels }, annotations) },
    {
      parent,
      dependsOn: [...dependsOn],
      hooks: { beforeCreate: [hook("before-create")], beforeUpdate: [hook("before-update")] },
    },
  );
}
