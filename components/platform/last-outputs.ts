import * as pulumi from "@pulumi/pulumi";
import type { GitOpsSettings } from "../settings";
import type { OwnershipRecord } from "./ownership-record";
import type { Placement } from "./placement";
import type { VersionHistory } from "./versions";

/** Who releases Parse, as the settings say it. */
type ReleasedBy = GitOpsSettings["parseReleasedBy"];

/** What the last run left for this one, among the stack's outputs. */
export interface LastOutputs {
  /** Versions of what was delivered. */
  readonly versions?: VersionHistory;
  /** Where the protected parts are. */
  readonly placement?: Placement;
  /** Which objects were the stack's. */
  readonly ownership?: OwnershipRecord;
  /** Who released what. */
  readonly releasedBy?: { readonly parse?: ReleasedBy };
  /** Leads to the cluster. Never hand it on: it is secret, and is not marked so here. */
  readonly kubeconfig?: string;
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

/** Who released Parse in the last run; nobody on the first. */
export function lastReleaserOfParse({ releasedBy, versions }: LastOutputs): ReleasedBy | undefined {
  // Stacks of before this output existed have others, and a release of the program's.
  return releasedBy?.parse ?? (versions && "program");
}
