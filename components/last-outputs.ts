import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "./placement";
import type { VersionHistory } from "./versions";

/** What the last run left for this one, among the stack's outputs. */
export interface LastOutputs {
  /** Versions of what was delivered. */
  readonly versions?: VersionHistory;
  /** Where the protected parts are. */
  readonly placement?: Placement;
}

/**
 * This stack's outputs as the last run left them; none on the first. They are asked of the engine as a
 * `StackReference` would, but leave no resource behind: that one would keep a second copy of every output in the
 * state, and differ from it after each run.
 */
export function lastOutputs(): pulumi.Output<LastOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer: Promise<{ outputs?: LastOutputs }> = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return pulumi.output(answer.then(({ outputs }) => outputs ?? {}));
}
