import type { WatchedSchedule } from "../args";
import type { AlertRule, RuleGroup } from "./rule";

/** Velero counts from 0 for each schedule it knows, and for what belongs to none; so the sum misses no first failure. */
const failures = (counters: readonly string[]) =>
  counters.map((counter) => `sum by (schedule) (increase(velero_${counter}_total[1h]))`).join(" + ");

/** Two rules a schedule: the age of its last success, and that there has been none in all the time it had. */
function tooOld({ maximumAgeHours, name }: WatchedSchedule): AlertRule[] {
  const of = `{schedule="${name}"}`;
  // The hour bridges a restart of Velero, which knows its schedules again within seconds.
  const last = `max by (schedule) (max_over_time(velero_backup_last_successful_timestamp${of}[1h]))`;
  const known = `max by (schedule) (max_over_time(velero_backup_attempt_total${of}[1h]))`;
  const shared = {
    alert: "BackupTooOld",
    severity: "critical",
    description: `What changed since is lost if the cluster is. The schedule ${name} may be ${maximumAgeHours} hours behind.`,
  } as const;
  return [
    {
      ...shared,
      expr: `time() - ${last} > ${maximumAgeHours} * 3600`,
      for: "5m",
      summary: "The last good backup of {{ $labels.schedule }} is {{ $value | humanizeDuration }} old",
    },
    {
      ...shared,
      expr: `${known} unless on (schedule) ${last}`,
      for: `${maximumAgeHours}h`,
      summary: "The schedule {{ $labels.schedule }} has never made a good backup",
    },
  ];
}

/** Velero: backups are made, and their stores are there. */
export function backupRules(schedules: readonly WatchedSchedule[]): RuleGroup {
  return {
    name: "backup",
    rules: [
      ...schedules.flatMap(tooOld),
      {
        alert: "BackupFailed",
        expr: `${failures(["backup_failure", "backup_partial_failure", "backup_validation_failure"])} > 0`,
        severity: "warning",
        summary: "A backup{{ if $labels.schedule }} of {{ $labels.schedule }}{{ end }} failed, in whole or in part",
        description: "The next one may succeed; what it should have held is not safe until then.",
      },
      {
        alert: "RestoreFailed",
        expr: `${failures(["restore_failed", "restore_partial_failure", "restore_validation_failed"])} > 0`,
        severity: "warning",
        summary: "A restore failed, in whole or in part",
        description: "What was to be brought back, or proven by a drill, is not there.",
      },
      {
        alert: "BackupStoreUnavailable",
        expr: "max by (backup_location_name) (velero_backup_location_status_gauge) == 0",
        for: "2m",
        severity: "critical",
        summary: "Velero does not get to the store {{ $labels.backup_location_name }}",
        description: "No backup can be made there, and none restored from there.",
      },
    ],
  };
}
