/** What Velero says of a backup or a restore. */
export interface OperationStatus {
  readonly phase?: string;
  readonly failureReason?: string;
  readonly validationErrors?: readonly string[];
  readonly warnings?: number;
  readonly errors?: number;
  readonly startTimestamp?: string;
  readonly completionTimestamp?: string;
}

/** Why a backup or a restore is no proof; nothing when it is Completed without warnings. Pure. */
export function operationProblem(
  kind: "Backup" | "Restore",
  name: string,
  status: OperationStatus,
): string | undefined {
  const { phase = "without a phase", failureReason, validationErrors = [], warnings = 0, errors = 0 } = status;
  if (phase === "Completed" && warnings === 0 && errors === 0) return undefined;
  const reasons = [failureReason, ...validationErrors].filter((reason) => reason !== undefined);
  const said = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
  return `${kind} ${name} is ${phase} with ${errors} errors and ${warnings} warnings${said}. What it says: velero ${kind.toLowerCase()} logs ${name}`;
}

/** Completed is no proof that volumes were copied: Velero passes over what no running pod has mounted. Pure. */
export function volumeProblem(claims: number, copied: number): string | undefined {
  if (claims === copied) return undefined;
  return `${copied} volumes were copied of ${claims} claims in the namespace: start the pods that mount the others.`;
}
