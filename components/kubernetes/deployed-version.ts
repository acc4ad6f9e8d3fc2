import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Annotation of a Deployment whose images don't say which release they are of. */
export const RELEASE_ANNOTATION = "onprem.platform/release";

/** The tag of an image, with its digest where it has one; `undefined` where it has no tag. */
export function tagOf(image: string): string | undefined {
  return /^(?:.*\/)?[^/:@]+:([^/:@]+(?:@.+)?)$/.exec(image)?.[1];
}

/** What of a Deployment's state says which version it runs. */
export interface DeploymentState {
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the pods' first container. */
  readonly image?: string;
  /** As the cluster said it last. */
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** A Deployment's outputs, as far as they are looked at. */
interface PartialDeployment {
  readonly metadata?: Pick<DeploymentState, "annotations"> & { readonly uid?: string };
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } } };
  readonly status?: Pick<DeploymentState, "conditions">;
}

/**
 * The version that a Deployment has after a run, from its own outputs: a run that leaves it as it is finds what was there
 * before. `undefined` where its pods did not come up: which of two versions serves is not said then.
 * @param versionOf reads the version of what is deployed
 */
export function deployedVersion(
  { metadata, spec, status }: kubernetes.apps.v1.Deployment,
  versionOf: (state: DeploymentState) => string | undefined,
): pulumi.Output<string | undefined> {
  const outputs: pulumi.Output<PartialDeployment> = pulumi.output({ metadata, spec, status });
  return outputs.apply(({ metadata: { annotations, uid } = {}, spec: known, status: { conditions } = {} }) => {
    // What was asked for is an output of one that failed, or was left out of the run, too; the cluster's own id is not.
    if (!uid) return undefined;
    const [container] = known?.template?.spec?.containers ?? [];
    return runningVersion({ annotations, image: container?.image, conditions }, versionOf);
  });
}

/** The same of a state. Pure. */
export function runningVersion(
  state: DeploymentState,
  versionOf: (state: DeploymentState) => string | undefined,
): string | undefined {
  const down = state.conditions?.some(({ type, status }) => type === "Available" && status === "False");
  return down ? undefined : versionOf(state);
}
