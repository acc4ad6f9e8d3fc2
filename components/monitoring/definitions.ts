import * as pulumi from "@pulumi/pulumi";
import { createDefinitions } from "../definitions";
import { takenUp } from "../object-metadata";

/** Arguments of {@link MonitoringDefinitions}. */
export interface MonitoringDefinitionsArgs {
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The operator's kinds. They outlive the stack: deleting a definition deletes every object of its kind in the cluster,
 * those of another Prometheus included.
 */
export class MonitoringDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringDefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:monitoring:MonitoringDefinitions", name, {}, opts);
    createDefinitions(
      args.definitions,
      // A definition that outlived an earlier stack still names that stack as the owner of its fields.
      (released) => ({ name: released.name, annotations: { ...released.annotations, ...takenUp } }),
      this,
    );
    this.registerOutputs({});
  }
}
