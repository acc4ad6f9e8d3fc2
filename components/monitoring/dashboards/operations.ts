import { NO_PROBES } from "../../kubernetes/probe-mark";
import type { Watched } from "../args";
import { type Board, lines, number } from "./board";

/** Velero: how old, how large, how often they fail, whether their stores are there, and whether a restore was proven. */
export const backupBoard = ({ drill, namespace }: NonNullable<Watched["backup"]>): Board => ({
  id: "onprem-backup",
  title: "Platform / Backups",
  rows: [
    {
      title: "Now",
      panels: [
        number(
          "Since the last good one",
          "s",
          `time() - max by (schedule) (velero_backup_last_successful_timestamp{${NO_PROBES}})`,
          "{{schedule}}",
        ),
        number(
          "Since the last proven restore",
          "s",
          `time() - max(kube_configmap_created{namespace="${namespace}",configmap="${drill.passed}"})`,
        ),
        number("Stores there", "short", "sum(max by (backup_location_name) (velero_backup_location_status_gauge))"),
        number("Backups kept", "short", "max(velero_backup_total)"),
        number("Restores recorded", "short", "max(velero_restore_total)"),
      ],
    },
    {
      title: "Over time",
      panels: [
        lines("Age of the last good backup", "s", {
          expr: `time() - max by (schedule) (velero_backup_last_successful_timestamp{${NO_PROBES}})`,
          legend: "{{schedule}}",
        }),
        lines(
          "Made and failed, a day",
          "short",
          { expr: `round(sum(increase(velero_backup_success_total{${NO_PROBES}}[1d])))`, legend: "made" },
          { expr: `round(sum(increase(velero_backup_failure_total{${NO_PROBES}}[1d])))`, legend: "failed" },
          {
            expr: `round(sum(increase(velero_backup_partial_failure_total{${NO_PROBES}}[1d])))`,
            legend: "failed in part",
          },
        ),
        lines("How long they take", "s", {
          expr: `sum by (schedule) (rate(velero_backup_duration_seconds_sum{${NO_PROBES}}[1d])) / sum by (schedule) (rate(velero_backup_duration_seconds_count{${NO_PROBES}}[1d]))`,
          legend: "{{schedule}}",
        }),
        lines("Size of the objects", "bytes", {
          expr: `max by (schedule) (velero_backup_tarball_size_bytes{${NO_PROBES}})`,
          legend: "{{schedule}}",
        }),
        lines("Stores", "bool_yes_no", {
          expr: "max by (backup_location_name) (velero_backup_location_status_gauge)",
          legend: "{{backup_location_name}}",
        }),
      ],
    },
  ],
});

/** Flux: what is ready, what is suspended, and how long it takes. */
export const gitopsBoard: Board = {
  id: "onprem-gitops",
  title: "Platform / GitOps",
  rows: [
    {
      title: "Now",
      panels: [
        number("Ready", "short", 'count(gotk_resource_info{ready="True"}) or vector(0)'),
        number("Not ready", "short", 'count(gotk_resource_info{ready="False"}) or vector(0)'),
        number("Suspended", "short", 'count(gotk_resource_info{suspended="true"}) or vector(0)'),
      ],
    },
    {
      title: "Over time",
      panels: [
        lines("Not ready", "short", {
          expr: 'sum by (customresource_kind, name) (gotk_resource_info{ready!="True"})',
          legend: "{{customresource_kind}} {{name}}",
        }),
        lines("How long a round takes, 95 %", "s", {
          expr: "histogram_quantile(0.95, sum by (kind, name, le) (rate(gotk_reconcile_duration_seconds_bucket[$__rate_interval])))",
          legend: "{{kind}} {{name}}",
        }),
      ],
    },
  ],
};
