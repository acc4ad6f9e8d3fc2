import type { OperationStatus } from "./velero-problems";

/** A backup as Velero lists it. */
export interface BackupSummary {
  readonly name: string;
  readonly status: OperationStatus;
  /** Namespaces in it; `*` for all. */
  readonly namespaces: readonly string[];
  readonly location: string;
  /** Volumes that were copied whole. */
  readonly volumes: number;
}

/** How many backups an error lists. */
const LISTED = 20;

/** Why a backup cannot be restored from; nothing when it can. Pure. */
export function choiceProblem(
  name: string,
  application: string,
  backups: readonly BackupSummary[],
  takeIncomplete = false,
): string | undefined {
  const chosen = backups.find((backup) => backup.name === name);
  if (!chosen) return `There is no backup ${name}. ${listOf(backups)}`;
  const { phase = "not begun" } = chosen.status;
  if (!chosen.namespaces.some((namespace) => namespace === "*" || namespace === application))
    return `Backup ${name} holds ${chosen.namespaces.join(", ")}, and not the application's namespace ${application}. ${listOf(backups)}`;
  if (phase === "Completed" || (phase === "PartiallyFailed" && takeIncomplete)) return undefined;
  const anyway =
    phase === "PartiallyFailed"
      ? " With --take-incomplete it is restored all the same: what it lacks (velero backup describe --details) stays lost."
      : "";
  return `Backup ${name} is ${phase}, not Completed.${anyway} ${listOf(backups.filter((backup) => backup !== chosen))}`;
}

/** The backups that can be restored from, the newest first. Pure. */
function listOf(backups: readonly BackupSummary[]): string {
  const whole = backups
    .filter(({ status }) => status.phase === "Completed")
    .sort((one, other) => timeOf(other).localeCompare(timeOf(one)));
  if (whole.length === 0)
    return "Velero knows no backup that is Completed; those in a store that was just connected are listed within a minute.";
  const lines = whole.slice(0, LISTED).map((backup) => `  ${backup.name}  ${timeOf(backup)}  at ${backup.location}`);
  const more = whole.length > LISTED ? [`  and ${whole.length - LISTED} older ones`] : [];
  return ["Completed are, the newest first:", ...lines, ...more].join("\n");
}

function timeOf({ status }: BackupSummary): string {
  return status.completionTimestamp ?? "";
}
