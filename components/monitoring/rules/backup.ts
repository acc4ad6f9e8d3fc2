import { NO_PROBES, PROBES } from "../../kubernetes/probe-mark";
import type { Watched, WatchedSchedule } from "../args";
import type { AlertRule, RuleGroup } from "./rule";

type WatchedBackup = NonNullable<Watched["backup"]>;

/** Velero counts from 0 for each schedule it knows, and for what belongs to none; so the sum misses no first failure. */
const failures = (counters: readonly string[]) =>
  counters.map((counter) => `sum by (schedule) (increase(velero_${counter}_total{${NO_PROBES}}[1h]))`).join(" + ");

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

/** Two rules: the age of the last proven restore, and that none was proven in all the time there was for it. */
function unproven({ drill, namespace }: WatchedBackup): AlertRule[] {
  const proven = `max by (namespace) (kube_configmap_created{namespace="${namespace}",configmap="${drill.passed}"})`;
  const began = `max by (namespace) (kube_namespace_created{namespace="${namespace}"})`;
  const shared = {
    alert: "DrillTooOld",
    // Bridges a restart of kube-state-metrics, which need not know everything again at once.
    for: "15m",
    severity: "warning",
    description: `Nobody knows whether the backups bring the data back. The drill may be ${drill.maximumAgeDays} days old; upgrades wait for it too.`,
  } as const;
  const tooLong = `> ${drill.maximumAgeDays} * 86400`;
  return [
    {
      ...shared,
      expr: `time() - ${proven} ${tooLong}`,
      summary: "The last proven restore is {{ $value | humanizeDuration }} old",
    },
    {
      ...shared,
      expr: `time() - ${began} ${tooLong} unless on (namespace) ${proven}`,
      summary: "No restore was ever proven by a drill",
    },
  ];
}

/** Velero: backups are made, their stores are there, and a restore was proven. */
export function backupRules(backup: WatchedBackup): RuleGroup {
  return {
    name: "backup",
    rules: [
      ...backup.schedules.flatMap(tooOld),
      ...unproven(backup),
      {
        alert: "BackupFailed",
        expr: `${failures(["backup_failure", "backup_partial_failure", "backup_validation_failure"])} > 0`,
        severity: "warning",
        summary: "A backup{{ if $labels.schedule }} of {{ $labels.schedule }}{{ end }} failed, in whole or in part",
        description: "The next one may succeed; what it should have held is not safe until then.",
      },
      {
        alert: "BackupProbeFailed",
        // Velero has this state from the first probe on, and keeps it until the next one or until it starts again.
        expr: `max by (schedule) (velero_backup_last_status{${PROBES}}) == 0`,
        severity: "critical",
        summary: "The backup by which pulumi up proves a location failed: {{ $labels.schedule }}",
        description: "No backup is made there until what Velero says of it is put right and pulumi up has run again.",
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
