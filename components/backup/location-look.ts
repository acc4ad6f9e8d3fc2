/** Whether Velero has looked at a location since it was changed, and what it found. Pure. */

/** A BackupStorageLocation as the cluster has it. */
export interface LocationObject {
  readonly metadata: {
    readonly name: string;
    /** Who set which fields, and when last: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
    readonly managedFields?: ReadonlyArray<{ readonly time?: string; readonly fieldsV1?: object }>;
  };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly lastValidationTime?: string;
  };
}

/** When somebody last changed the specification, milliseconds since 1970; the API server keeps whole seconds. */
export function lastChange({ metadata }: LocationObject): number {
  const times = (metadata.managedFields ?? []).flatMap(({ time, fieldsV1 }) =>
    time && fieldsV1 && "f:spec" in fieldsV1 ? [Date.parse(time)] : [],
  );
  return Math.max(0, ...times);
}

/** Whether Velero has found the store as it is specified now. What it found before the change is no answer. */
export function isFound(location: LocationObject): boolean {
  const { phase, lastValidationTime } = location.status ?? {};
  return phase === "Available" && Date.parse(lastValidationTime ?? "") >= lastChange(location);
}

/** How a location stands that Velero has not found, in one sentence. */
export function notFound(location: LocationObject, seconds: number): string {
  const { phase, message } = location.status ?? {};
  const { name } = location.metadata;
  if (phase === "Unavailable") {
    return `Velero cannot use the location ${name}, ${seconds} s after it was changed: correct it in onprem:backup.locations, or bring its store back. (Velero: ${message ?? "no reason"})`;
  }
  return `Velero has not looked at the location ${name} within ${seconds} s after it was changed: look whether its server runs.`;
}
