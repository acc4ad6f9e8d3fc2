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
  /** What the settings ask for, and the last run deployed. */
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
 * The history after a run. Where the versions are those of the last run, it stays as it was, word for word: a preview
 * right after an upgrade is empty, and what justified the upgrade is kept. Where they differ, the last run's become
 * the previous ones, and the evidence of this moment goes on record.
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

/** A gate may be opened after the fact; one that was open stays on record when the settings no longer name it. */
function withOverrides(last: VersionHistory, overrides: readonly GateOverride[]): VersionHistory {
  const renewed = new Set(overrides.map(({ gate }) => gate));
  const kept = last.overrides.filter(({ gate }) => !renewed.has(gate));
  return { ...last, overrides: [...kept, ...overrides] };
}

/** Whether two sets of versions are the same, parts that are absent included. */
export function sameVersions(one: Versions, other: Versions): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Versions>;
  return [...keys].every((key) => one[key] === other[key]);
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
