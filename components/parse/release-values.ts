import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { objectMetadata } from "../kubernetes/object-metadata";
import type { ReleasedBy } from "./args";
import { type RunningParse, versionsIn } from "./running-versions";
import type { ParseServerValues } from "./values";

/** Parse's release would be uninstalled, not handed over. */
export class HandoverError extends pulumi.RunError {
  /** Stable name of the error. */
  readonly code = "HANDOVER";
  override readonly name = "HandoverError";
}

/**
 * Refuses to let go of a release that the engine would uninstall.
 * @param last who released Parse in the last run
 * @throws HandoverError when the handover was left out
 */
export function requireHandover(releasedBy: ReleasedBy, last: ReleasedBy | undefined): void {
  if (releasedBy !== "git" || last !== "program") return;
  throw new HandoverError(
    "Parse is still released by this program, and would be uninstalled: set onprem:gitops.parseReleasedBy to handover, run `pulumi up`, and then set it to git. Nothing was deleted.",
  );
}

/** Name of the ConfigMap that a HelmRelease takes its values from. */
export const VALUES_CONFIG_MAP = "parse-server-values";
const VALUES_FILE = "values.yaml";

/** Arguments of {@link ReleaseValues}. */
export interface ReleaseValuesArgs {
  /** Values of the chart; nothing of them is secret. */
  readonly values: pulumi.Input<ParseServerValues>;
  /** Namespace of the ConfigMap. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of the ConfigMap. */
  readonly labels: Record<string, string>;
  /** Who releases Parse from now on. */
  readonly releasedBy: Exclude<ReleasedBy, "program">;
  /** Who did in the last run. Absent: nobody, as on a first run. */
  readonly lastReleasedBy: pulumi.Input<ReleasedBy | undefined>;
}

/**
 * The chart's values for a HelmRelease in Git: the settings stay this program's, the moment of the release is Git's.
 *
 * Fails the run, before anything is deleted, where the release is still the stack's own.
 */
export class ReleaseValues extends pulumi.ComponentResource {
  /** Known once the run was not refused. */
  readonly accepted: pulumi.Output<unknown>;
  /** Versions in the values as they were last handed over. */
  readonly versions: pulumi.Output<RunningParse>;

  constructor(name: string, args: ReleaseValuesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:parse:ReleaseValues", name, {}, opts);
    const { releasedBy } = args;
    const text = pulumi.all([args.values, pulumi.output(args.lastReleasedBy)]).apply(([values, last]) => {
      requireHandover(releasedBy, last);
      return stringify(values);
    });
    const values = new kubernetes.core.v1.ConfigMap(
      "values",
      {
        metadata: objectMetadata(VALUES_CONFIG_MAP, args),
        data: { [VALUES_FILE]: text },
      },
      { parent: this },
    );
    this.accepted = values.id;
    // The cluster's own id says that it is there: what was asked for is an output of one that was left out of the run too.
    this.versions = pulumi.unsecret(pulumi.all([values.data, values.metadata])).apply(([data, metadata]) => {
      const handed: ParseServerValues | null = metadata?.uid ? parse(data?.[VALUES_FILE] ?? "") : null;
      return versionsIn(handed ?? undefined);
    });
    this.registerOutputs({});
  }
}
