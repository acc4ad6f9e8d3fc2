/** What is read of a pod (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus). */
export interface PodSummary {
  metadata: { name: string; labels?: Record<string, string> };
  status?: {
    conditions?: Array<{ type: string; status: string; reason?: string; message?: string }>;
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  image?: string;
  state?: { waiting?: { reason?: string; message?: string }; running?: { startedAt?: string } };
  lastState?: { terminated?: { exitCode?: number; reason?: string } };
}

/** Why a pod does not start. */
export interface PodProblem {
  /** The same for every pod of a component and for every attempt, so that it is told once. */
  key: string;
  /** One sentence for a person. */
  text: string;
}

/** States in which a container waits as part of a normal start. */
const NORMAL_WAITS = new Set(["ContainerCreating", "PodInitializing"]);

/** The kubelet alternates between these two; the detail is in either. */
const IMAGE_PULL = new Set(["ErrImagePull", "ImagePullBackOff"]);

/** An init container that takes longer than this waits for something that does not come. */
const SLOW_INIT_MILLISECONDS = 45_000;

function waitingText(status: ContainerStatus): string | undefined {
  const waiting = status.state?.waiting;
  if (!waiting?.reason || NORMAL_WAITS.has(waiting.reason)) return undefined;
  const ended = status.lastState?.terminated;
  if (waiting.reason === "CrashLoopBackOff" && ended) {
    return `crashes (${ended.reason ?? "Error"}, exit code ${ended.exitCode}); see its log of the last attempt`;
  }
  return [waiting.reason, waiting.message].filter(Boolean).join(": ");
}

function slowInitText(status: ContainerStatus, now: number): string | undefined {
  const started = status.state?.running?.startedAt;
  if (!started || now - Date.parse(started) < SLOW_INIT_MILLISECONDS) return undefined;
  return `has not ended after ${Math.round((now - Date.parse(started)) / 1000)} s; its log says what it waits for`;
}

function problemsOf({ metadata, status }: PodSummary, now: number): PodProblem[] {
  const component = metadata.labels?.["app.kubernetes.io/component"] ?? metadata.name;
  const unschedulable = (status?.conditions ?? [])
    .filter((condition) => condition.type === "PodScheduled" && condition.reason === "Unschedulable")
    .filter((condition) => condition.status === "False")
    .map(({ message }) => ({
      key: `${component} unschedulable`,
      text: `pod ${metadata.name} finds no node: ${message}`,
    }));
  const problem = (container: ContainerStatus, kind: string, text: string | undefined): PodProblem[] => {
    if (!text) return [];
    const where = `pod ${metadata.name}, container ${container.name}`;
    return [{ key: `${component} ${container.name} ${kind}`, text: `${where} (image ${container.image}): ${text}` }];
  };
  const waiting = (container: ContainerStatus) => {
    const reason = container.state?.waiting?.reason ?? "";
    return problem(container, IMAGE_PULL.has(reason) ? "image" : reason, waitingText(container));
  };
  const init = status?.initContainerStatuses ?? [];
  return [
    ...unschedulable,
    ...init.flatMap((container) => problem(container, "slow", slowInitText(container, now))),
    ...[...init, ...(status?.containerStatuses ?? [])].flatMap(waiting),
  ];
}

/**
 * Why pods don't start; empty while everything takes its course.
 * @param now milliseconds since the epoch
 */
export function podProblems(pods: readonly PodSummary[], now: number): PodProblem[] {
  return pods.flatMap((pod) => problemsOf(pod, now));
}
