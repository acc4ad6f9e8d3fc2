import * as pulumi from "@pulumi/pulumi";
import type { GitOpsSettings } from "../settings";
import type { Placement } from "./placement";
import type { VersionHistory } from "./versions";

/** Who releases Parse: the setting `gitops.parseReleasedBy`. */
type ReleasedBy = GitOpsSettings["parseReleasedBy"];

/** The stack's outputs that the next run reads. */
export interface LastOutputs {
  /** Versions of what was delivered, and the release of the program that delivered it; 0.1.0 left none of its own. */
  readonly versions?: VersionHistory & { readonly platform?: string };
  /** Where the protected parts are. */
  readonly placement?: Placement;
  /** Backups; null where there were none. */
  readonly backup?: {
    /** Never hand it on: it is secret, and is not marked so here. */
    readonly repositoryPassword?: string;
  } | null;
  /** Who released what. */
  readonly releasedBy?: { readonly parse?: ReleasedBy };
  /** Kubeconfig of the cluster. It is secret, but not marked as secret here: never pass it to a resource or an output. */
  readonly kubeconfig?: string;
}

/**
 * This stack's outputs after the last run; none on the first. Read from the engine as a `StackReference` does, but without
 * its resource, which would keep a second copy of every output in the state and change with each run.
 */
export function lastOutputs(): pulumi.Output<LastOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer: Promise<{ outputs?: LastOutputs }> = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return pulumi.output(answer.then(({ outputs }) => outputs ?? {}));
}

/** The versions on record after the last run; nothing on the first. The program's own release is no part of them. */
export function lastHistory({ versions }: LastOutputs): VersionHistory | undefined {
  if (!versions) return undefined;
  const { platform: _, ...history } = versions;
  return history;
}

/** Who released Parse in the last run; nobody on the first. */
export function lastReleaserOfParse({ releasedBy, versions }: LastOutputs): ReleasedBy | undefined {
  // A stack that is older than this output has other outputs, and its release is the program's.
  return releasedBy?.parse ?? (versions && "program");
}
