/** Whether Alertmanager has loaded its configuration, by its own log. Pure. */

/** How a configuration stands with one Alertmanager. */
export type Loaded =
  | { readonly state: "loaded" }
  | { readonly state: "refused"; readonly reason: string }
  /** It has not come to it yet. */
  | { readonly state: "waiting" };

/** What https://github.com/prometheus/alertmanager/blob/main/config/coordinator.go writes; up to 0.30 "file" comes after it. */
const DONE = /msg="Completed loading of configuration( file)?"/;
const FAILED = /msg="(Loading configuration( file)? failed|one or more config change subscribers failed[^"]*)"/;

/**
 * What the log of an Alertmanager says of the configuration that was there last.
 * @param log lines with their times before them, as the Kubernetes API gives them
 * @param since when the configuration was changed, milliseconds since 1970; what was loaded before says nothing
 */
export function loadedBy(log: string, since: number): Loaded {
  const lines = log.split("\n").filter((line) => Date.parse(line.split(" ", 1)[0] ?? "") >= since);
  const last = lines.filter((line) => DONE.test(line) || FAILED.test(line)).at(-1);
  if (last === undefined) return { state: "waiting" };
  return DONE.test(last) ? { state: "loaded" } : { state: "refused", reason: reasonIn(last) };
}

function reasonIn(line: string): string {
  const [, quoted, word] = / err(?:or)?=(?:("(?:[^"\\]|\\.)*")|(\S+))/.exec(line) ?? [];
  if (quoted === undefined) return word ?? "no reason";
  try {
    return (JSON.parse(quoted) as string).replace(/\s+/g, " ");
  } catch {
    return quoted;
  }
}

/** A pod, as far as it is looked at. */
export interface AlertmanagerPod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly containerStatuses?: ReadonlyArray<{
      readonly name: string;
      readonly ready?: boolean;
      readonly state?: { readonly running?: { readonly startedAt?: string } };
    }>;
  };
}

/** Whether a pod's Alertmanager was started since then and runs: with a configuration that it refuses it ends at once. */
export function isStartedSince({ status }: AlertmanagerPod, since: number): boolean {
  const container = status?.containerStatuses?.find(({ name }) => name === "alertmanager");
  return container?.ready === true && Date.parse(container.state?.running?.startedAt ?? "") >= since;
}

/** An object whose fields say when they were set: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface DatedObject {
  readonly metadata?: {
    readonly creationTimestamp?: string;
    readonly managedFields?: ReadonlyArray<{ readonly time?: string; readonly fieldsV1?: object }>;
  };
}

/** When an object's data was last set, milliseconds since 1970; the API server keeps whole seconds. */
export function dataChangedAt({ metadata }: DatedObject): number {
  const times = (metadata?.managedFields ?? []).flatMap(({ fieldsV1, time }) =>
    time && fieldsV1 && "f:data" in fieldsV1 ? [Date.parse(time)] : [],
  );
  return times.length > 0 ? Math.max(...times) : Date.parse(metadata?.creationTimestamp ?? "") || 0;
}
