import { type PodSummary, podProblems } from "./pod-problems";
import { redactionOf, type SecretSummary } from "./redaction";
import type { KubernetesApi, ReleaseName } from "./release-history";
import {
  type EventSummary,
  eventProblems,
  type Problem,
  refusedWorkloads,
  type WorkloadSummary,
} from "./workload-problems";

const WATCH_MILLISECONDS = 3_000;
const LAST_LINES = 10;
const LINE_CHARACTERS = 400;

/** Where each kind of workload is listed. */
const WORKLOADS: Readonly<Record<string, string>> = {
  Deployment: "/apis/apps/v1/namespaces/NAMESPACE/deployments",
  ReplicaSet: "/apis/apps/v1/namespaces/NAMESPACE/replicasets",
  Job: "/apis/batch/v1/namespaces/NAMESPACE/jobs",
};

/**
 * Tells, while a release is waited for, what keeps its pods from being made, from starting and from living: Helm itself says
 * only that time is over, and its roll-back removes what would have said why.
 */
export class ReleaseWatch {
  private readonly told = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private since = 0;

  /**
   * @param api how to reach the cluster
   * @param tell is given one sentence for each problem, without the values of the namespace's Secrets
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly api: () => Promise<KubernetesApi>,
    private readonly release: ReleaseName,
    private readonly tell: (problem: string) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Begins to look every three seconds. */
  start(): void {
    this.since = this.now();
    this.timer ??= setInterval(() => void this.look().catch(() => {}), WATCH_MILLISECONDS);
    // A failed run ends without an after hook; this must not keep the program alive.
    this.timer.unref();
  }

  /** Ends it. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Looks once, and tells what it has not told before. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const api = await this.api();
      for (const problem of await this.problems(api)) {
        if (this.told.has(problem.key)) continue;
        this.told.add(problem.key);
        await this.tellOf(api, problem);
      }
    } finally {
      this.looking = false;
    }
  }

  private async problems(api: KubernetesApi): Promise<Problem[]> {
    const { namespace, name } = this.release;
    const selector = encodeURIComponent(`app.kubernetes.io/instance=${name}`);
    // What one may not read, such as events, keeps nothing else from being told.
    const list = async <T>(path: string) => {
      const answer = await api.get(path).catch(() => ({ items: [] }));
      return (answer as { items: T[] }).items;
    };
    const pods = list<PodSummary>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
    const events = list<EventSummary>(`/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning`);
    const workloads = Object.entries(WORKLOADS).map(async ([kind, path]) => {
      const items = await list<Omit<WorkloadSummary, "kind">>(
        `${path.replace("NAMESPACE", namespace)}?labelSelector=${selector}`,
      );
      return items.map((workload) => ({ ...workload, kind }));
    });
    return [
      ...refusedWorkloads((await Promise.all(workloads)).flat()),
      ...podProblems(await pods, this.now(), this.since),
      ...eventProblems(await events, (object) => isPartOf(name, object), this.since),
    ];
  }

  private async tellOf(api: KubernetesApi, problem: Problem): Promise<void> {
    const { namespace } = this.release;
    const redact = await api.get(`/api/v1/namespaces/${namespace}/secrets`).then(
      (answer) => redactionOf((answer as { items: SecretSummary[] }).items),
      () => undefined,
    );
    const lines = redact ? await this.lastLines(api, problem) : [];
    // Without the Secrets nobody can say what in a log is one.
    const unread = redact || !problem.ended ? "" : "; its last lines are not shown, since the Secrets cannot be read";
    const said = lines.length > 0 ? `; its last lines:\n${lines.map((line) => `  ${line}`).join("\n")}` : unread;
    const text = `${problem.text}${said}`;
    await this.tell(redact ? redact(text) : text);
  }

  /** What a container that ended wrote last; empty where the API does not have it any more. */
  private async lastLines(api: KubernetesApi, { ended }: Problem): Promise<string[]> {
    if (!ended) return [];
    const { namespace } = this.release;
    const query = `container=${ended.container}&tailLines=${LAST_LINES}&previous=${ended.previous}`;
    const path = `/api/v1/namespaces/${namespace}/pods/${ended.pod}/log?${query}`;
    const text = await api.get(path, { text: true }).catch(() => "");
    return String(text)
      .split("\n")
      .map((line) => line.trimEnd().slice(0, LINE_CHARACTERS))
      .filter((line) => line !== "");
  }
}

/** Whether an object is a release's: by its name, since events have no labels. Claims begin with the volume's name. */
function isPartOf(release: string, object: string): boolean {
  return object === release || object.startsWith(`${release}-`) || object.includes(`-${release}-`);
}
