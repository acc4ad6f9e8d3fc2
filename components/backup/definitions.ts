import * as pulumi from "@pulumi/pulumi";
import { createDefinitions } from "../definitions";
import { takenUp } from "../object-metadata";

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
    createDefinitions(
      args.definitions,
      // A definition that outlived an earlier stack still names that stack as the owner of its fields.
      ({ name: released }) => ({ name: released, labels: { component: "velero" }, annotations: takenUp }),
      this,
    );
    this.registerOutputs({});
  }
}
