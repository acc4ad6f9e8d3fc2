import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { takenUp } from "./names";

/** Arguments of {@link VeleroDefinitions}. */
export interface VeleroDefinitionsArgs {
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Velero's kinds. They outlive the stack: deleting a definition deletes every object of its kind in the cluster, those
 * of another Velero included.
 */
export class VeleroDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: VeleroDefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:backup:VeleroDefinitions", name, {}, opts);
    for (const [kind, text] of Object.entries(args.definitions)) {
      const document = pulumi.output(text).apply((content) => parse(content));
      new kubernetes.apiextensions.v1.CustomResourceDefinition(
        kind,
        {
          metadata: {
            name: document.apply(({ metadata }) => metadata.name),
            labels: { component: "velero" },
            // A definition that outlived an earlier stack still names that stack as the owner of its fields.
            annotations: takenUp,
          },
          spec: document.apply(({ spec }) => spec),
        },
        { parent: this, retainOnDelete: true },
      );
    }
    this.registerOutputs({});
  }
}
