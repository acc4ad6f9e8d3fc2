import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterReader } from "../kubernetes/api-client";
import { isFound, type LocationObject, notFound } from "./location-look";

/** Velero does not find a location that was changed. */
export class LocationNotFoundError extends Error {
  /** Stable name of the error. */
  readonly code = "BACKUP_LOCATION_NOT_FOUND";
  override readonly name = "LocationNotFoundError";
}

/** How the waiting goes. */
export interface LocationWaiting {
  readonly namespace: string;
  /** The location's name. */
  readonly location: string;
  readonly timeoutSeconds: number;
  /** Default: 1. */
  readonly pauseSeconds?: number;
}

/**
 * Waits until Velero has found a location as it is specified now: a look that began before a change, at a store's pod that was
 * being replaced, takes up to half a minute and ends after the change. The phase that the location has at that moment is
 * from before, which is all that pulumi-kubernetes can wait for.
 * @throws LocationNotFoundError with Velero's reason when the time is over
 */
export async function waitUntilFound(reader: ClusterReader, waiting: LocationWaiting): Promise<void> {
  const { namespace, location, timeoutSeconds, pauseSeconds = 1 } = waiting;
  const path = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations/${location}`;
  const end = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    let reason: string;
    try {
      const object = (await reader.get(path)) as LocationObject;
      if (isFound(object)) return;
      reason = notFound(object, timeoutSeconds);
    } catch (error) {
      reason = `The cluster does not say how the location ${location} stands: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() >= end) throw new LocationNotFoundError(reason);
    await sleep(pauseSeconds * 1000);
  }
}
