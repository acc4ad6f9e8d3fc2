import * as pulumi from "@pulumi/pulumi";
import type { ReleasedBy } from "./parse/args";
import type { VersionHistory } from "./versions";

interface Outputs {
  versions?: VersionHistory;
  releasedBy?: { parse?: ReleasedBy };
}

/**
 * This stack's outputs as the last run left them; none on the first. They are asked of the engine as a
 * `StackReference` would, which leaves a resource behind: that one would keep a second copy of every output in the
 * state, and differ from it after each run.
 */
function lastOutputs(): Promise<Outputs | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer: Promise<{ outputs?: Outputs }> = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return answer.then(({ outputs }) => outputs);
}

/** The output `versions` of the last run; nothing on the first. */
export function lastVersions(): pulumi.Output<VersionHistory | undefined> {
  return pulumi.output(lastOutputs().then((outputs) => outputs?.versions));
}

/** Who released Parse in the last run; nothing on the first. */
export function lastReleasedBy(): pulumi.Output<ReleasedBy | undefined> {
  // Stacks of before this output existed have others, and a release of the program's.
  return pulumi.output(lastOutputs().then((outputs) => outputs?.releasedBy?.parse ?? (outputs?.versions && "program")));
}
