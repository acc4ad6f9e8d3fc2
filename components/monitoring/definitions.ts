import * as pulumi from "@pulumi/pulumi";
import { createDefinitions } from "../kubernetes/definitions";
import { adoptExisting } from "../kubernetes/object-metadata";
import { type DefinitionsApi, storedVersionHooks } from "../kubernetes/stored-version-hooks";

/** Arguments of {@link MonitoringDefinitions}. */
export interface MonitoringDefinitionsArgs {
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, pulumi.Input<string>>>;
  /** Customer's name. */
  readonly customer: string;
  /** The cluster's API, called when a kind is made or changed: objects stored in versions that go are rewritten. */
  readonly api: () => Promise<DefinitionsApi>;
}

/**
 * Definitions of the operator's kinds. They stay when the stack is destroyed: deleting one deletes every object of its kind
 * in the cluster, another Prometheus' included.
 */
export class MonitoringDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringDefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:monitoring:MonitoringDefinitions", name, {}, opts);
    const { api, customer } = args;
    const hooks = storedVersionHooks(`monitoring-definitions-${customer}`, this, api);
    createDefinitions(
      args.definitions,
      // A definition of an earlier stack still has that stack as the owner of its fields.
      (released) => ({ name: released.name, annotations: { ...released.annotations, ...adoptExisting } }),
      this,
      hooks,
    );
    this.registerOutputs({});
  }
}
