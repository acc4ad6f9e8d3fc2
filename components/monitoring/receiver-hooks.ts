import type { ClusterReader, RequestOptions } from "../kubernetes/api-client";
import { CONFIGURATION_SECRET } from "./names";
import {
  type AlertmanagerPod,
  type DatedObject,
  dataChangedAt,
  isStartedSince,
  type Loaded,
  loadedBy,
} from "./receiver-look";

/** Alertmanager does not take the receivers. */
export class ReceiversRefusedError extends Error {
  /** Stable name of the error. */
  readonly code = "MONITORING_RECEIVERS_REFUSED";
  override readonly name = "ReceiversRefusedError";
}

/** What the waiting needs of the Kubernetes API. */
export interface LogReader extends ClusterReader {
  get(path: string, options?: RequestOptions): Promise<unknown>;
}

/** How the waiting goes. */
export interface ReceiverWaiting {
  readonly namespace: string;
  /** Name of the Alertmanager. */
  readonly alertmanager: string;
  readonly timeoutSeconds: number;
  readonly pauseSeconds: number;
  /** The present, milliseconds since 1970. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

/** Lines of an Alertmanager's log that are read. */
const LOG_LINES = 500;
/** By then a change of a Secret is in every pod, and what is refused is told again and again: silence is assent. */
const SETTLED_SECONDS = 600;

/** Whether there is such an Alertmanager at all, once its chart is there. */
async function exists(reader: LogReader, { alertmanager, namespace }: ReceiverWaiting): Promise<boolean> {
  try {
    await reader.get(`/apis/monitoring.coreos.com/v1/namespaces/${namespace}/alertmanagers/${alertmanager}`);
    return true;
  } catch (error) {
    return (error as { status?: number }).status !== 404;
  }
}

/** How each pod of the Alertmanager stands with the configuration that the operator has given it. */
async function look(reader: LogReader, { alertmanager, namespace, now }: ReceiverWaiting): Promise<Loaded[]> {
  const core = `/api/v1/namespaces/${namespace}`;
  // What the operator makes of our Secret is what the pods have.
  const names = [CONFIGURATION_SECRET.name, `alertmanager-${alertmanager}-generated`];
  const secrets = await Promise.all(names.map((name) => reader.get(`${core}/secrets/${name}`)));
  const since = Math.max(...secrets.map((secret) => dataChangedAt(secret as DatedObject)));
  const selector = encodeURIComponent(`alertmanager=${alertmanager}`);
  const { items = [] } = (await reader.get(`${core}/pods?labelSelector=${selector}`)) as {
    items?: AlertmanagerPod[];
  };
  if (items.length === 0) return [{ state: "waiting" }];
  return Promise.all(
    items.map(async (pod) => {
      const { name } = pod.metadata;
      const path = `${core}/pods/${name}/log?container=alertmanager&timestamps=true&tailLines=${LOG_LINES}`;
      const loaded = loadedBy(String(await reader.get(path, { text: true })), since);
      const isOld = now() - since > SETTLED_SECONDS * 1000;
      const isQuiet = loaded.state === "waiting" && (isOld || isStartedSince(pod, since));
      return isQuiet ? { state: "loaded" as const } : loaded;
    }),
  );
}

/**
 * Waits until every Alertmanager has loaded its configuration as it is now.
 * @returns why nobody knows whether it has; nothing when it has
 * @throws ReceiversRefusedError with Alertmanager's reason
 */
export async function waitUntilLoaded(reader: LogReader, waiting: ReceiverWaiting): Promise<string | undefined> {
  const { alertmanager, now, pauseSeconds, sleep, timeoutSeconds } = waiting;
  const end = now() + timeoutSeconds * 1000;
  if (!(await exists(reader, waiting))) {
    return `Nobody knows whether onprem:monitoring.receivers are taken: the namespace ${waiting.namespace} has no Alertmanager ${alertmanager}.`;
  }
  for (;;) {
    let why = "it has not come to it";
    try {
      const states = await look(reader, waiting);
      const refused = states.find((one) => one.state === "refused");
      if (refused?.state === "refused") {
        throw new ReceiversRefusedError(
          `Alertmanager refuses its configuration, and goes on with the one before, or not at all: correct onprem:monitoring.receivers. (Alertmanager: ${refused.reason})`,
        );
      }
      if (states.every(({ state }) => state === "loaded")) return undefined;
    } catch (error) {
      if (error instanceof ReceiversRefusedError) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    if (now() >= end) {
      return `After ${timeoutSeconds} s nobody knows whether ${alertmanager} takes onprem:monitoring.receivers: ${why}. Its log says it: kubectl --namespace ${waiting.namespace} logs --selector alertmanager=${alertmanager} --container alertmanager`;
    }
    await sleep(pauseSeconds);
  }
}
