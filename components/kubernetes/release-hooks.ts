import * as pulumi from "@pulumi/pulumi";
import { type KubernetesApi, patienceFor, type ReleaseName, settleHistory } from "./release-history";
import { ReleaseWatch } from "./release-watch";

/** A release, and what its hooks say of it. */
export interface HookedRelease extends ReleaseName {
  /** The release's time-out, seconds. */
  readonly timeoutSeconds: number;
  /** What is told when the stack has the release and the cluster does not: the way to have it back. */
  readonly lost: string;
}

/**
 * Hooks that run around a release's creation and update (not in previews): first a killed run's leftovers are cleared,
 * then, while Helm waits, what keeps pods from being made and from living is told as it appears.
 * @param name unique in the program
 * @param owner resource that messages are shown with
 * @param api how to reach the cluster; called when a hook runs
 */
export function releaseHooks(
  name: string,
  owner: pulumi.Resource,
  release: HookedRelease,
  api: () => Promise<KubernetesApi>,
): pulumi.ResourceHookBinding {
  const watch = new ReleaseWatch(api, release, (problem) => pulumi.log.warn(`${release.name}: ${problem}`, owner));
  const tellOfWaiting = (seconds: number) => {
    const what = "an operation of an earlier run may still be under way; it is given time to end";
    void pulumi.log.info(`${release.name}: ${what}, ${seconds} s at the longest`, owner);
  };
  const before = (operation: "create" | "update") => async () => {
    const patience = { ...patienceFor(release.timeoutSeconds), waiting: tellOfWaiting };
    const { removed, lost } = await settleHistory(await api(), release, operation, patience);
    if (lost) await pulumi.log.error(release.lost, owner);
    if (removed.length > 0) {
      const list = removed.join(", ");
      await pulumi.log.info(`${release.name}: cleared what an interrupted run left in Helm's history: ${list}`, owner);
    }
    watch.start();
  };
  const hook = (when: string, run: () => Promise<void>) =>
    new pulumi.ResourceHook(`${name}-${when}`, run, { ignoreErrors: true });
  const stop = async () => watch.stop();
  return {
    beforeCreate: [hook("before-create", before("create"))],
    beforeUpdate: [hook("before-update", before("update"))],
    afterCreate: [hook("after-create", stop)],
    afterUpdate: [hook("after-update", stop)],
  };
}
