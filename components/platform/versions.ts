import type { Settings } from "../settings";

/** Versions of what a stack delivers; parts that it does not have are absent. */
export interface Versions {
  /** Minor, such as `1.35`. Absent for a cluster of the customer's own. */
  kubernetes?: string;
  rancher?: string;
  parse?: string;
  mongodb?: string;
  postgresql?: string;
  velero?: string;
  flux?: string;
}

/** A backup that a drill has restored and found equal to what was backed up. */
export interface VerifiedBackup {
  /** Name of the backup. */
  name: string;
  /** When the backup was complete, ISO 8601. */
  completedAt: string;
}

/** An upgrade gate that the settings open. */
export interface GateOverride {
  gate: string;
  reason: string;
  /** Last day, `YYYY-MM-DD`, UTC. */
  expires: string;
}

/** What a stack remembers of its versions, as its output `versions`. */
export interface VersionHistory {
  /** What runs, as far as this program knows: what each part's own resource was last updated to. */
  current: Versions;
  /** What was there before the last change; absent until there was one. */
  previous?: Versions;
  /** When the last change was decided, ISO 8601, whole hours. */
  changedAt: string;
  /** The verified backup on which the last change relied. */
  backup?: VerifiedBackup;
  /** Gates that were open for the last change. */
  overrides: GateOverride[];
}

/** What a change of versions relies on, as it is now. */
export interface ChangeEvidence {
  now: Date;
  backup?: VerifiedBackup;
  overrides: readonly GateOverride[];
}

const MILLISECONDS_AN_HOUR = 3_600_000;

/**
 * The history that a run will leave if all of it is done. Where the versions are those of the last run, it stays as it was,
 * word for word: a preview right after an upgrade is empty, and what justified the upgrade is kept. Where they differ, the
 * last run's become the previous ones, and the evidence of this moment goes on record.
 * @param next what the settings ask for now
 * @param last the history as the last run left it; `undefined` on the first run
 */
export function record(next: Versions, last: VersionHistory | undefined, evidence: ChangeEvidence): VersionHistory {
  if (last && sameVersions(next, last.current)) return withOverrides(last, evidence.overrides);
  const hour = Math.floor(evidence.now.getTime() / MILLISECONDS_AN_HOUR) * MILLISECONDS_AN_HOUR;
  return {
    current: next,
    ...(last ? { previous: last.current } : {}),
    changedAt: new Date(hour).toISOString(),
    ...(evidence.backup ? { backup: evidence.backup } : {}),
    overrides: [...evidence.overrides],
  };
}

/**
 * The history after a run that did all of what was decided, some of it or nothing: `--target`, `--exclude`, a release that
 * was rolled back. A part of which the run says nothing keeps the version on record.
 * @param decided what the gates have judged, from {@link record}
 * @param last the history as the last run left it; `undefined` on the first run
 * @param running the versions of parts after the run, from the parts' own resources
 */
export function recordAfter(
  decided: VersionHistory,
  last: VersionHistory | undefined,
  running: Versions,
): VersionHistory {
  const parts = new Set([...Object.keys(decided.current), ...Object.keys(running)]) as Set<keyof Versions>;
  const current: Versions = {};
  for (const part of parts) {
    const version = running[part] ?? last?.current[part];
    if (version !== undefined) current[part] = version;
  }
  if (sameVersions(current, decided.current)) return decided;
  if (last && sameVersions(current, last.current)) return last;
  return { ...decided, current };
}

/** A gate may be opened after the fact; one that was open stays on record when the settings no longer name it. */
function withOverrides(last: VersionHistory, overrides: readonly GateOverride[]): VersionHistory {
  const renewed = new Set(overrides.map(({ gate }) => gate));
  const kept = last.overrides.filter(({ gate }) => !renewed.has(gate));
  return { ...last, overrides: [...kept, ...overrides] };
}

/** Whether two sets of versions are the same, parts that are absent included. */
export function sameVersions(one: Versions, other: Versions): boolean {
  return changedParts(one, other).length === 0;
}

/** Parts whose versions differ between two deployments. Of Kubernetes the minor counts: patches are Google's to choose. */
export function changedParts(from: Versions | undefined, to: Versions): (keyof Versions)[] {
  const parts = new Set([...Object.keys(from ?? {}), ...Object.keys(to)]) as Set<keyof Versions>;
  return [...parts].filter((part) => compared(part, from?.[part]) !== compared(part, to[part]));
}

function compared(part: keyof Versions, version: string | undefined): string | undefined {
  return part === "kubernetes" && version !== undefined ? kubernetesMinor(version) : version;
}

/** The minor of a Kubernetes version such as `v1.35.5-gke.1200000`: `1.35`. */
export function kubernetesMinor(version: string): string {
  return /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}

/** The versions that a stack's settings ask for. */
export function versionsOf(settings: Settings): Versions {
  const { cluster, rancher, parse, backup, gitops } = settings;
  const { database } = parse;
  return {
    ...(cluster.kind === "gke" ? { kubernetes: cluster.kubernetesVersion } : {}),
    ...(rancher ? { rancher: rancher.version } : {}),
    parse: parse.version,
    ...(database.kind === "mongodb" ? { mongodb: database.version } : {}),
    ...(database.kind === "postgresql" ? { postgresql: database.version } : {}),
    ...(backup ? { velero: backup.version } : {}),
    ...(gitops ? { flux: gitops.version } : {}),
  };
}
