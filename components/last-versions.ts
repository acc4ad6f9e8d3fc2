import * as pulumi from "@pulumi/pulumi";
import type { VersionHistory } from "./versions";

/** Outputs of the last run that the next one goes by; nothing on the first. */
export interface LastOutputs {
  readonly versions?: VersionHistory;
  /** Never hand it on: it is secret, and is not marked so here. */
  readonly kubeconfig?: string;
}

/**
 * This stack's outputs as the last run left them. They are asked of the engine as a `StackReference` would be, but
 * leave no resource behind: that one would keep a second copy of every output in the state, and differ from it after
 * each run.
 */
export function lastOutputs(): pulumi.Output<LastOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer: Promise<{ outputs?: LastOutputs }> = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return pulumi.output(answer.then(({ outputs }) => outputs ?? {}));
}
