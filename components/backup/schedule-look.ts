/** Whether Velero takes a schedule. Pure. */

/** A Schedule as the cluster has it: https://velero.io/docs/v1.18/api-types/schedule/ */
export interface ScheduleObject {
  readonly status?: { readonly phase?: string; readonly validationErrors?: readonly string[] };
}

/** Why a schedule makes no backups, in one sentence; nothing while Velero takes it. */
export function scheduleProblem(name: string, schedule: ScheduleObject | undefined): string | undefined {
  const { phase, validationErrors = [] } = schedule?.status ?? {};
  if (phase === "Enabled") return undefined;
  if (phase === "FailedValidation") {
    return `Velero refuses the schedule ${name}, and makes no backup by it: correct it in onprem:backup.schedules. (Velero: ${validationErrors.join("; ") || "no reason"})`;
  }
  return `Velero has not looked at the schedule ${name}: look whether its server runs.`;
}
