import type { BackupSummary } from "../recovery/backup-choice";
import type { Extent } from "../recovery/restore-specification";
import type { RecoveryTarget } from "../recovery/target";

/** What a restore is about to do. */
export interface RestorePlan {
  readonly target: Pick<RecoveryTarget, "stack" | "namespace">;
  readonly backup: BackupSummary;
  readonly extent: Extent;
  /** Whether the namespace is there: it is deleted first. */
  readonly replaces: boolean;
  readonly now: Date;
}

const MILLISECONDS_A_MINUTE = 60_000;

/** Why a restore cannot begin, with the way out; nothing when it can. Pure. */
export function placeProblem(
  { namespace, stack }: RestorePlan["target"],
  extent: Extent,
  state: "absent" | "present" | "terminating",
  replace: boolean,
): string | undefined {
  if (state === "terminating")
    return `Namespace ${namespace} is being deleted. Wait until it is gone; if it stays, look for what holds it: kubectl get namespace ${namespace} --output yaml`;
  if (extent === "database")
    return state === "present"
      ? undefined
      : `There is no namespace ${namespace} whose database could be restored: restore all of it, without --only.`;
  if (state === "absent" || replace) return undefined;
  return `Namespace ${namespace} is there, and Velero passes over whatever exists. If what is in it may go, say --replace, which deletes it first; if only the data are lost: --only database. To look at a backup beside it: npm run drill -- --stack ${stack}`;
}

/** What is about to be done, for whoever is asked. Pure. */
export function describePlan({ target, backup, extent, replaces, now }: RestorePlan): string {
  const { namespace, stack } = target;
  const { startTimestamp = "", phase, errors = 0, warnings = 0 } = backup.status;
  const minutes = Math.round((now.getTime() - Date.parse(startTimestamp)) / MILLISECONDS_A_MINUTE);
  const database = `the database in ${namespace}: its workload and its volumes, with everything written since`;
  const goes =
    extent === "database" ? database : replaces ? `namespace ${namespace}, with all that is in it` : "nothing";
  const comes = extent === "database" ? "the database with its volumes" : `namespace ${namespace}, whole`;
  const doubts = [
    ...(phase === "Completed" ? [] : [`the backup is ${phase} with ${errors} errors: what it lacks stays lost`]),
    ...(phase === "Completed" && warnings > 0 ? [`the backup was made with ${warnings} warnings`] : []),
    ...(backup.volumes === 0 ? ["the backup has no volume: the database will be empty"] : []),
  ];
  return [
    `Restore of stack ${stack}`,
    `  from     ${backup.name} at ${backup.location}, begun ${startTimestamp}, ${minutes} minutes ago, ${backup.volumes} volumes`,
    `  deletes  ${goes}`,
    `  brings   ${comes}`,
    `  lost     what was written after ${startTimestamp}`,
    ...doubts.map((doubt) => `  CAREFUL  ${doubt}`),
  ].join("\n");
}
