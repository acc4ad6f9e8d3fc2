/** What `pulumi up` sees to before it ends: that a backup can be made at each location, and that Velero takes each schedule. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { createProof } from "../kubernetes/proof";
import type { Location } from "./args";
import { waitUntilFound } from "./location-hooks";
import { type LocationObject, lastChange } from "./location-look";
import { type ProbeApi, proveLocation } from "./probe-run";
import { waitUntilEnabled } from "./schedule-hooks";

/** What all proofs of a stack share. */
export interface ProofSurroundings {
  readonly parent: pulumi.Resource;
  readonly customer: string;
  /** Namespace of Velero, by its name and as what it is made by. */
  readonly namespace: string;
  readonly madeNamespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** How to reach the cluster; called when there is something to prove. */
  readonly api: () => Promise<ProbeApi>;
}

/** A location that is to be proven. */
export interface ProvenLocation {
  readonly location: Location;
  /** The object that Velero is told of it by, and its specification. */
  readonly resource: pulumi.Resource;
  readonly spec: pulumi.Output<object>;
  readonly checksumAlgorithm?: string;
  /** Image of the plugin that gets to its store. */
  readonly plugin: string;
}

/** Until Velero has found a location. */
const FOUND_SECONDS = 180;
/** For the backup that proves it. */
const PROBE_SECONDS = 60;
const PAUSE_SECONDS = 0.5;
const SCHEDULE_TIMES = { timeoutSeconds: 60, settleSeconds: 2, pauseSeconds: PAUSE_SECONDS };

/** What an object is specified as, in few characters. */
function digestOf(spec: object): string {
  return createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
}

/** A release's name and tag, whichever registry it comes from. */
function releaseOf(image: string): string {
  return image.split("/").pop() ?? image;
}

function sharedBy({ api, customer, labels, madeNamespace, parent }: ProofSurroundings, name: string) {
  return { name, hooks: `backup-${customer}-${name}`, namespace: madeNamespace, labels, parent, api };
}

/** Proves a location when it is new, or its settings, credentials or plugin are. */
export function proofOfLocation(surroundings: ProofSurroundings, proven: ProvenLocation): void {
  const { namespace, parent } = surroundings;
  const { checksumAlgorithm, location, plugin, resource, spec } = proven;
  const { name } = location;
  createProof({
    ...sharedBy(surroundings, `proven-${name}`),
    annotations: { "onprem.platform/settings": spec.apply(digestOf), "onprem.platform/plugin": releaseOf(plugin) },
    dependsOn: [resource],
    prove: async (api) => {
      await waitUntilFound(api, { namespace, location: name, timeoutSeconds: FOUND_SECONDS });
      const path = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations/${name}`;
      const proof = await proveLocation(api, {
        namespace,
        location: name,
        lockDays: lockDaysOf(location),
        checksumAlgorithm,
        changedAt: lastChange((await api.get(path)) as LocationObject),
        timeoutSeconds: PROBE_SECONDS,
        pauseSeconds: PAUSE_SECONDS,
        now: Date.now,
        sleep: (seconds) => pause(seconds * 1000),
      });
      if (proof.state === "open") await pulumi.log.warn(proof.why, parent);
    },
  });
}

function lockDaysOf(location: Location): number | undefined {
  if (location.kind === "s3") return location.objectLockDays;
  return location.kind === "gcs" ? location.retentionLockDays : undefined;
}

/** Sees to it that Velero takes the schedules as they are now. */
export function proofOfSchedules(
  surroundings: ProofSurroundings,
  schedules: ReadonlyMap<string, { readonly resource: pulumi.Resource; readonly spec: pulumi.Output<object> }>,
): void {
  if (schedules.size === 0) return;
  const names = [...schedules.keys()];
  const { namespace } = surroundings;
  createProof({
    ...sharedBy(surroundings, "proven-schedules"),
    annotations: {
      "onprem.platform/settings": pulumi
        .all([...schedules.values()].map(({ spec }) => spec))
        .apply((specs) => digestOf([names, specs])),
    },
    dependsOn: [...schedules.values()].map(({ resource }) => resource),
    prove: (api) => waitUntilEnabled(api, { namespace, schedules: names, ...SCHEDULE_TIMES }),
  });
}
