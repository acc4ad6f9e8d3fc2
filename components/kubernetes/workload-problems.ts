/** Whose last lines say why it ended. */
export interface EndedContainer {
  readonly pod: string;
  readonly container: string;
  /** Whether another one runs, or waits to run, in its place: the API keeps the last lines of one of each. */
  readonly previous: boolean;
}

/** Why something of a release does not come to life. */
export interface Problem {
  /** The same for every pod of a component and for every attempt, so that it is told once. */
  readonly key: string;
  /** One sentence for a person. */
  readonly text: string;
  /** Set where the last lines of a container say more. */
  readonly ended?: EndedContainer;
}

/** What is read of a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job. */
export interface WorkloadSummary {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: ReadonlyArray<{ type: string; status: string; reason?: string; message?: string }>;
  };
}

/** What is read of an event (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
export interface EventSummary {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

/** Conditions that say that a workload's pods are not made, or that it gave up, by kind. */
const REFUSALS: ReadonlyArray<{ kind: string; type: string; says: string }> = [
  { kind: "ReplicaSet", type: "ReplicaFailure", says: "its pods are not made" },
  { kind: "Deployment", type: "ReplicaFailure", says: "its pods are not made" },
  { kind: "Job", type: "Failed", says: "failed" },
  { kind: "Job", type: "FailureTarget", says: "failed" },
];

/** Told the first time that they are seen: they do not come in a normal start. */
const REFUSING_EVENTS = new Set([
  "FailedCreate",
  "FailedCreatePodSandBox",
  "FailedAttachVolume",
  "FailedBinding",
  "ProvisioningFailed",
  "VolumeResizeFailed",
  "FailedPostStartHook",
  "Evicted",
]);

/** A normal start has some of these: told when they keep coming. */
const REPEATED_EVENTS = new Set(["Unhealthy", "FailedMount"]);
const REPEATED_TIMES = 5;

/** What Kubernetes appends to names (https://github.com/kubernetes/apimachinery/blob/v0.35.8/pkg/util/rand/rand.go#L84). */
const SUFFIX = /(-[bcdf-hj-np-tv-xz2456789]{6,10})?-[bcdf-hj-np-tv-xz2456789]{5}$|-[bcdf-hj-np-tv-xz2456789]{6,10}$/;

/** A ReplicaSet's or pod's name without what Kubernetes appends, so that a problem of each attempt is told once. */
function withoutSuffix(name: string): string {
  return name.replace(SUFFIX, "");
}

/** A message without names that differ between attempts. */
function withoutNames(message: string): string {
  return message.replace(/"[^"]*"/g, "…").replace(/\d+/g, "0");
}

/** Why controllers don't make the pods of a workload, as they say in its conditions. */
export function refusedWorkloads(workloads: readonly WorkloadSummary[]): Problem[] {
  return workloads.flatMap(({ kind, metadata, status }) =>
    (status?.conditions ?? [])
      .filter(({ status: met }) => met === "True")
      .flatMap((condition) => {
        const refusal = REFUSALS.find((one) => one.kind === kind && one.type === condition.type);
        if (!refusal) return [];
        const why = condition.message ?? condition.reason ?? condition.type;
        return [
          {
            key: `refused ${withoutSuffix(metadata.name)} ${withoutNames(why)}`,
            text: `${kind} ${metadata.name}: ${refusal.says}: ${why}`,
          },
        ];
      }),
  );
}

function lastSeen(event: EventSummary): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp;
  return time ? Date.parse(time) : 0;
}

/**
 * What Kubernetes reports of objects whose pods are not made, get no volume, or are not healthy.
 * @param isOurs whether an object of this name belongs to what is waited for
 * @param since older events are not told, milliseconds since 1970
 */
export function eventProblems(
  events: readonly EventSummary[],
  isOurs: (name: string) => boolean,
  since: number,
): Problem[] {
  return events.flatMap((event) => {
    const { type, reason = "", message = "", involvedObject } = event;
    const { kind = "object", name = "" } = involvedObject;
    // Times of events are of whole seconds.
    if (type !== "Warning" || !isOurs(name) || lastSeen(event) < Math.floor(since / 1000) * 1000) return [];
    const times = event.series?.count ?? event.count ?? 1;
    const told = REFUSING_EVENTS.has(reason) || (REPEATED_EVENTS.has(reason) && times >= REPEATED_TIMES);
    if (!told) return [];
    // A ReplicaSet's condition says the same as its event, and is told once.
    const key =
      reason === "FailedCreate" && kind === "ReplicaSet"
        ? `refused ${withoutSuffix(name)} ${withoutNames(causeOf(message))}`
        : `${reason} ${withoutSuffix(name)} ${withoutNames(message)}`;
    return [{ key, text: `${kind} ${name}: ${reason}: ${message}` }];
  });
}

/** The message of a ReplicaSet's condition within that of its event: "Error creating: …". */
function causeOf(message: string): string {
  return message.replace(/^Error creating: /, "");
}
