import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { takenUp } from "./names";

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
    for (const [kind, text] of Object.entries(args.definitions)) {
      const document = pulumi.output(text).apply((content) => parse(content));
      new kubernetes.apiextensions.v1.CustomResourceDefinition(
        kind,
        {
          metadata: {
            name: document.apply(({ metadata }) => metadata.name),
            // A definition that outlived an earlier stack still names that stack as the owner of its fields.
            annotations: document.apply(({ metadata }) => ({ ...metadata.annotations, ...takenUp })),
          },
          spec: document.apply(({ spec }) => spec),
        },
        { parent: this, retainOnDelete: true },
      );
    }
    this.registerOutputs({});
  }
}
