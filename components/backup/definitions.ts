import * as pulumi from "@pulumi/pulumi";
import { createDefinitions } from "../kubernetes/definitions";
import { adoptExisting } from "../kubernetes/object-metadata";
import { type DefinitionsApi, storedVersionHooks } from "../kubernetes/stored-version-hooks";

/** Arguments of {@link VeleroDefinitions}. */
export interface VeleroDefinitionsArgs {
  /** Kind's plural name → text of the file with its CustomResourceDefinition. */
  readonly definitions: Readonly<Record<string, pulumi.Input<string>>>;
  /** Customer's name. */
  readonly customer: string;
  /** The cluster's API, called when a kind is made or changed: objects stored in versions that go are rewritten. */
  readonly api: () => Promise<DefinitionsApi>;
}

/**
 * Velero's kinds. They outlive the stack: deleting a definition deletes every object of its kind in the cluster, those
 * of another Velero included.
 */
export class VeleroDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: VeleroDefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:backup:VeleroDefinitions", name, {}, opts);
    const { api, customer } = args;
    const hooks = storedVersionHooks(`velero-definitions-${customer}`, this, api);
    createDefinitions(
      args.definitions,
      // A definition of an earlier stack still has that stack as the owner of its fields.
      ({ name: released }) => ({ name: released, labels: { component: "velero" }, annotations: adoptExisting }),
      this,
      hooks,
    );
    this.registerOutputs({});
  }
}
