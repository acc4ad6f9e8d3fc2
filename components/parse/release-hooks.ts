import * as pulumi from "@pulumi/pulumi";
import { type PodSummary, podProblems } from "./pod-problems";
import { type KubernetesApi, lostRelease, patienceFor, type ReleaseName, settleHistory } from "./release-history";

const WATCH_MILLISECONDS = 3_000;

/** Tells, while a release is waited for, why its pods don't start: Helm itself only says that time is over. */
class ProblemWatch {
  private readonly told = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly api: () => Promise<KubernetesApi>,
    private readonly release: ReleaseName,
    private readonly tell: (problem: string) => Promise<void>,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.look().catch(() => {}), WATCH_MILLISECONDS);
    // A failed run ends without an after hook; this must not keep the program alive.
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  async look(): Promise<void> {
    const api = await this.api();
    const selector = encodeURIComponent(`app.kubernetes.io/instance=${this.release.name}`);
    const path = `/api/v1/namespaces/${this.release.namespace}/pods?labelSelector=${selector}`;
    const { items } = (await api.get(path)) as { items: PodSummary[] };
    for (const { key, text } of podProblems(items, Date.now())) {
      if (this.told.has(key)) continue;
      this.told.add(key);
      await this.tell(text);
    }
  }
}

/**
 * Hooks that run around a release's creation and update (not in previews): first a killed run's leftovers are cleared,
 * then, while Helm waits, the reasons why pods don't start are told as they appear.
 * @param name unique in the program
 * @param owner resource that messages are shown with
 * @param timeoutSeconds the release's time-out
 * @param api how to reach the cluster; called when a hook runs
 */
export function releaseHooks(
  name: string,
  owner: pulumi.Resource,
  release: ReleaseName,
  timeoutSeconds: number,
  api: () => Promise<KubernetesApi>,
): pulumi.ResourceHookBinding {
  const watch = new ProblemWatch(api, release, (problem) => pulumi.log.warn(`${release.name}: ${problem}`, owner));
  const tellOfWaiting = (seconds: number) => {
    const what = "an operation of an earlier run may still be under way; it is given time to end";
    void pulumi.log.info(`${release.name}: ${what}, ${seconds} s at the longest`, owner);
  };
  const before = (operation: "create" | "update") => async () => {
    const patience = { ...patienceFor(timeoutSeconds), waiting: tellOfWaiting };
    const { removed, lost } = await settleHistory(await api(), release, operation, patience);
    if (lost) await pulumi.log.error(lostRelease(release), owner);
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
