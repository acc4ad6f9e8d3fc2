/** The backup by which a location is proven: what it is, and what its end means. Pure. */

import { PROBE_LABEL, probeSchedule } from "../kubernetes/probe-mark";

/** A Velero Backup, as far as it is looked at: https://velero.io/docs/v1.18/api-types/backup/ */
export interface BackupObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly storageLocation?: string };
  readonly status?: {
    readonly phase?: string;
    readonly failureReason?: string;
    readonly validationErrors?: readonly string[];
    readonly startTimestamp?: string;
  };
}

/** What a probe is of. */
export interface ProbeWish {
  /** Namespace of Velero. */
  readonly namespace: string;
  /** The location's name. */
  readonly location: string;
  /** Days for which the store lets nothing be deleted. Default: it deletes what it is told to. */
  readonly lockDays?: number;
}

const DAY_HOURS = 24;
/** Longest name of an object in the store that Velero shortens nowhere, without the time. */
const LONGEST = 48;

/** A probe's name: says what it is to whoever lists backups. */
export function probeName(location: string, now: Date): string {
  const time = now.toISOString().replace(/[-:T]|\.\d+Z$/g, "");
  return `${`onprem-probe-${location}`.slice(0, LONGEST).replace(/[-.]+$/, "")}-${time}`;
}

/** The ConfigMap in a probe: the only object of the backup. */
export function probeContent(name: string, { location, namespace }: ProbeWish): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels: { [PROBE_LABEL]: location, "onprem.platform/probe-name": name } },
    data: { what: `pulumi up proves by a backup of this object that backups can be made at the location ${location}.` },
  };
}

/** The Backup: of that one object, without volumes. What cannot be deleted stays until its time is over. */
export function probeBackup(name: string, { location, lockDays, namespace }: ProbeWish): object {
  return {
    apiVersion: "velero.io/v1",
    kind: "Backup",
    metadata: {
      name,
      namespace,
      labels: { [PROBE_LABEL]: location, "velero.io/schedule-name": probeSchedule(location) },
    },
    spec: {
      includedNamespaces: [namespace],
      includedResources: ["configmaps"],
      labelSelector: { matchLabels: { "onprem.platform/probe-name": name } },
      storageLocation: location,
      snapshotVolumes: false,
      defaultVolumesToFsBackup: false,
      ttl: `${lockDays === undefined ? DAY_HOURS : (lockDays + 1) * DAY_HOURS}h`,
    },
  };
}

/** The request by which Velero deletes a backup, in the store too. */
export function deletionOf(name: string, namespace: string): object {
  return {
    apiVersion: "velero.io/v1",
    kind: "DeleteBackupRequest",
    metadata: { name, namespace },
    spec: { backupName: name },
  };
}

/** How a backup stands. */
export type Standing = "waiting" | "running" | "completed" | "failed";

/** https://velero.io/docs/v1.18/api-types/backup/ names the phases. */
export function standingOf({ status }: BackupObject): Standing {
  const { phase = "New" } = status ?? {};
  if (["New", "Queued", "ReadyToStart"].includes(phase)) return "waiting";
  if (phase === "Completed" || phase === "Deleting") return "completed";
  return ["PartiallyFailed", "Failed", "FailedValidation"].includes(phase) ? "failed" : "running";
}

/** Other backups that Velero is at, by name. */
export function busyWith(backups: readonly BackupObject[], name: string): string[] {
  return backups
    .filter((backup) => backup.metadata.name !== name)
    .filter(({ status }) => status?.phase === "ReadyToStart" || status?.phase === "InProgress")
    .map(({ metadata }) => metadata.name);
}

/**
 * Whether a backup of data has proven a location since it was last changed and Velero's server was last started, which its
 * plugin comes with.
 * @param since milliseconds since 1970
 */
export function isProven(backups: readonly BackupObject[], location: string, since: number): boolean {
  return backups.some(
    ({ metadata, spec, status }) =>
      spec?.storageLocation === location &&
      status?.phase === "Completed" &&
      metadata.labels?.[PROBE_LABEL] === undefined &&
      Date.parse(status.startTimestamp ?? "") >= since,
  );
}

/** What a store says when it does not take the checksums that Velero's plugin sends; docs/object-stores.md has the reports. */
const CHECKSUM = /checksum|aws-chunked|trailer|XAmzContentSHA256Mismatch|NotImplemented/i;
const REGION = /PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint/;
const LOCK = /object.?lock|retention|Content-MD5/i;

/** The way out of a failure, by what the store said. */
export function wayOut(reasons: readonly string[], checksumAlgorithm: string | undefined): string {
  const said = reasons.join("\n");
  if (LOCK.test(said)) return "The bucket's lock asks for a checksum: set checksumAlgorithm of the location to CRC32.";
  if (CHECKSUM.test(said) && checksumAlgorithm !== "")
    return 'It refuses the checksums that Velero sends: set checksumAlgorithm of the location to "", see docs/object-stores.md.';
  if (REGION.test(said)) return "Its bucket is elsewhere: correct region and endpoint of the location.";
  return "Put that right, in onprem:backup.locations or at the store (docs/object-stores.md), and run pulumi up again.";
}

/** Reasons in one line, without repetition. */
export function joined(reasons: readonly string[], most = 3): string {
  const lines = reasons.map((reason) => reason.replace(/\s+/g, " ").trim()).filter((reason) => reason !== "");
  return [...new Set(lines)].slice(0, most).join("; ") || "no reason";
}
