import * as pulumi from "@pulumi/pulumi";
import type { ClusterReader } from "../kubernetes/api-client";
import { KUSTOMIZE_API, SOURCE_API } from "./objects";
import { type Awaited, type FluxStatus, type Readiness, readinessOf } from "./readiness";

/** Flux's objects did not become ready. */
export class NotReadyError extends Error {
  /** Stable name of the error. */
  readonly code = "GITOPS_NOT_READY";
  override readonly name = "NotReadyError";
}

/** How the waiting goes. */
export interface Waiting {
  readonly namespace: string;
  readonly awaited: readonly Awaited[];
  readonly timeoutSeconds: number;
  /** A failure that nothing but a change can fix ends the waiting after it was seen for so long, seconds. */
  readonly settleSeconds: number;
  readonly pauseSeconds: number;
  /** The present, in seconds. */
  now(): number;
  /** Waits. */
  sleep(seconds: number): Promise<void>;
  /** Told of each failure once, as it is seen. */
  tell(sentence: string): void;
}

const PAUSE_SECONDS = 1;
const SETTLE_SECONDS = 8;

function pathOf({ kind, name }: Pick<Awaited, "kind" | "name">, namespace: string): string {
  const [api, plural] = kind === "GitRepository" ? [SOURCE_API, "gitrepositories"] : [KUSTOMIZE_API, "kustomizations"];
  return `/apis/${api}/namespaces/${namespace}/${plural}/${name}`;
}

async function objectOf(reader: ClusterReader, path: string): Promise<FluxStatus | undefined> {
  try {
    return (await reader.get(path)) as FluxStatus;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  }
}

/** How everything stands at this moment. */
async function look(reader: ClusterReader, { awaited, namespace }: Waiting): Promise<Map<Awaited, Readiness>> {
  const objects = await Promise.all(awaited.map((one) => objectOf(reader, pathOf(one, namespace))));
  const revisions = new Map(
    awaited.flatMap(({ kind, name }, index) => {
      const revision = objects[index]?.status?.artifact?.revision;
      return kind === "GitRepository" && revision ? [[name, revision] as const] : [];
    }),
  );
  return new Map(
    awaited.map((one, index) => {
      const revision = one.kind === "Kustomization" ? revisions.get(one.repository) : undefined;
      return [one, readinessOf(one, objects[index], revision)];
    }),
  );
}

type Failing = Extract<Readiness, { state: "failing" }>;

function sentenceOf({ problem, says }: Failing): string {
  return `${problem}. (Flux: ${says})`;
}

/** Since when each object fails as it does. */
class Failures {
  private readonly since = new Map<Awaited, { problem: string; at: number }>();

  constructor(private readonly waiting: Waiting) {}

  note(states: ReadonlyMap<Awaited, Readiness>): void {
    for (const [awaited, readiness] of states) {
      if (readiness.state !== "failing") {
        this.since.delete(awaited);
        continue;
      }
      const { problem } = readiness;
      if (this.since.get(awaited)?.problem === problem) continue;
      this.since.set(awaited, { problem, at: this.waiting.now() });
      this.waiting.tell(sentenceOf(readiness));
    }
  }

  /**
   * Failures that nothing but a change can fix, and that are not from before the last change. None as long as
   * something else may still fix itself: a person then learns all of it from one run.
   */
  settled(states: ReadonlyMap<Awaited, Readiness>): string[] {
    const failing = [...states].flatMap(([awaited, readiness]) =>
      readiness.state === "failing" ? [{ readiness, at: this.since.get(awaited)?.at ?? this.waiting.now() }] : [],
    );
    const over = ({ readiness, at }: (typeof failing)[number]) =>
      readiness.final && this.waiting.now() - at >= this.waiting.settleSeconds;
    return failing.every(over) ? failing.map(({ readiness }) => sentenceOf(readiness)) : [];
  }
}

/**
 * Waits until everything that Git holds is applied.
 * @throws NotReadyError with what hinders it, as soon as nothing but a change can fix it, or when the time is over
 */
export async function waitUntilReady(reader: ClusterReader, waiting: Waiting): Promise<void> {
  const failures = new Failures(waiting);
  const end = waiting.now() + waiting.timeoutSeconds;
  for (;;) {
    let reason: string;
    try {
      const states = await look(reader, waiting);
      if ([...states.values()].every(({ state }) => state === "ready")) return;
      failures.note(states);
      const settled = failures.settled(states);
      if (settled.length > 0) throw new NotReadyError(settled.join("\n"));
      reason = outOfTime(states, waiting.timeoutSeconds);
    } catch (error) {
      if (error instanceof NotReadyError) throw error;
      reason = `The cluster does not say how Flux stands: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (waiting.now() >= end) throw new NotReadyError(reason);
    await waiting.sleep(waiting.pauseSeconds);
  }
}

/** A repository that fails explains the Kustomizations that wait for it. */
function outOfTime(states: ReadonlyMap<Awaited, Readiness>, seconds: number): string {
  const failing = [...states.values()].filter((readiness) => readiness.state === "failing");
  if (failing.length > 0) return failing.map(sentenceOf).join("\n");
  const slow = [...states].flatMap(([{ kind, name }, { state }]) => (state === "ready" ? [] : [`${kind} ${name}`]));
  return `${slow.join(", ")}: not ready after ${seconds} s (onprem:gitops.timeoutSeconds), and Flux names no failure; it may only need more time.`;
}

/**
 * Hooks that let a resource be made or changed only when Flux's objects are ready; in a preview they do nothing.
 * @param name unique in the program
 * @param owner resource that messages are shown with
 * @param api how to reach the cluster; called when there is something to wait for
 */
export function readinessHooks(
  name: string,
  owner: pulumi.Resource,
  waiting: Pick<Waiting, "namespace" | "timeoutSeconds"> & { awaited: pulumi.Output<readonly Awaited[]> },
  api: () => Promise<ClusterReader>,
): pulumi.ResourceHookBinding {
  const run = async () => {
    const awaited = await new Promise<readonly Awaited[]>((resolve) => {
      waiting.awaited.apply(resolve);
    });
    await waitUntilReady(await api(), {
      ...waiting,
      awaited,
      settleSeconds: SETTLE_SECONDS,
      pauseSeconds: PAUSE_SECONDS,
      now: () => Date.now() / 1000,
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
      tell: (sentence) => void pulumi.log.warn(sentence, owner),
    });
  };
  return {
    beforeCreate: [new pulumi.ResourceHook(`${name}-before-create`, run)],
    beforeUpdate: [new pulumi.ResourceHook(`${name}-before-update`, run)],
  };
}
