import type { EndedContainer, Problem } from "./workload-problems";

/** What is read of a pod (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus). */
export interface PodSummary {
  metadata: { name: string; labels?: Record<string, string> };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Array<{ type: string; status: string; reason?: string; message?: string }>;
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  image?: string;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: { startedAt?: string };
    terminated?: ContainerEnd;
  };
  lastState?: { terminated?: ContainerEnd };
}

interface ContainerEnd {
  exitCode?: number;
  signal?: number;
  reason?: string;
  message?: string;
  finishedAt?: string;
}

/** States in which a container waits as part of a normal start. */
const NORMAL_WAITS = new Set(["ContainerCreating", "PodInitializing"]);

/** The kubelet alternates between these two; the detail is in either. */
const IMAGE_PULL = new Set(["ErrImagePull", "ImagePullBackOff"]);

/** Waits between two attempts of a container: what counts is how the last one ended. */
const BACK_OFF = "CrashLoopBackOff";

/** An init container that takes longer than this waits for something that does not come. */
const SLOW_INIT_MILLISECONDS = 45_000;

function waitingText(status: ContainerStatus): string | undefined {
  const waiting = status.state?.waiting;
  if (!waiting?.reason || waiting.reason === BACK_OFF || NORMAL_WAITS.has(waiting.reason)) return undefined;
  return [waiting.reason, waiting.message].filter(Boolean).join(": ");
}

function slowInitText(status: ContainerStatus, now: number): string | undefined {
  const started = status.state?.running?.startedAt;
  if (!started || now - Date.parse(started) < SLOW_INIT_MILLISECONDS) return undefined;
  return `has not ended after ${Math.round((now - Date.parse(started)) / 1000)} s; its log says what it waits for`;
}

/** How a container ended that should not have; none where it ended well, or before `since`. */
function endOf(status: ContainerStatus, since: number): { end: ContainerEnd; previous: boolean } | undefined {
  const now = status.state?.terminated;
  const end = now ?? status.lastState?.terminated;
  if (!end || end.exitCode === 0) return undefined;
  if (end.finishedAt && Date.parse(end.finishedAt) < since) return undefined;
  return { end, previous: now === undefined };
}

function endText({ exitCode, signal, reason, message }: ContainerEnd): string {
  const how = exitCode === undefined ? `signal ${signal}` : `exit code ${exitCode}`;
  const said = message ? `: ${message.trim()}` : "";
  return `ended (${reason ?? "Error"}, ${how})${said}`;
}

/** Why the whole pod is given up, such as by a node that has no room: its containers say nothing of it. */
function givenUp({ metadata, status }: PodSummary, component: string): Problem[] {
  if (status?.phase !== "Failed" || !status.reason) return [];
  const text = [status.reason, status.message].filter(Boolean).join(": ");
  return [{ key: `${component} ${status.reason}`, text: `pod ${metadata.name} was ended: ${text}` }];
}

function unscheduled({ metadata, status }: PodSummary, component: string): Problem[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: met, reason }) => type === "PodScheduled" && met === "False" && reason !== undefined)
    .map(({ reason, message }) => ({
      key: `${component} unscheduled ${reason}`,
      text: `pod ${metadata.name} finds no node: ${message ?? reason}`,
    }));
}

function problemsOf(pod: PodSummary, now: number, since: number): Problem[] {
  const { metadata, status } = pod;
  const component = metadata.labels?.["app.kubernetes.io/component"] ?? metadata.name;
  const problem = (container: ContainerStatus, kind: string, text: string | undefined, ended?: EndedContainer) => {
    if (!text) return [];
    const where = `pod ${metadata.name}, container ${container.name} (image ${container.image})`;
    return [{ key: `${component} ${container.name} ${kind}`, text: `${where}: ${text}`, ...(ended ? { ended } : {}) }];
  };
  const waiting = (container: ContainerStatus) => {
    const reason = container.state?.waiting?.reason ?? "";
    return problem(container, IMAGE_PULL.has(reason) ? "image" : reason, waitingText(container));
  };
  const crashed = (container: ContainerStatus) => {
    const found = endOf(container, since);
    if (!found) return [];
    const ended = { pod: metadata.name, container: container.name, previous: found.previous };
    return problem(container, `exit ${found.end.exitCode ?? found.end.signal}`, endText(found.end), ended);
  };
  const init = status?.initContainerStatuses ?? [];
  return [
    ...givenUp(pod, component),
    ...unscheduled(pod, component),
    ...init.flatMap((container) => problem(container, "slow", slowInitText(container, now))),
    ...[...init, ...(status?.containerStatuses ?? [])].flatMap((container) => [
      ...waiting(container),
      ...crashed(container),
    ]),
  ];
}

/**
 * Why pods don't start or don't live; empty while everything takes its course.
 * @param now milliseconds since 1970
 * @param since what ended before this is not told, milliseconds since 1970
 */
export function podProblems(pods: readonly PodSummary[], now: number, since: number): Problem[] {
  return pods.flatMap((pod) => problemsOf(pod, now, since));
}
