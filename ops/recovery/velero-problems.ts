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

/** How many reasons of an operation are told; the others are in its log. */
const TOLD = 3;

/** Whether an operation is what a proof needs: Completed without errors or warnings. Pure. */
export function isClean({ phase, warnings = 0, errors = 0 }: OperationStatus): boolean {
  return phase === "Completed" && warnings === 0 && errors === 0;
}

/**
 * Why a backup or a restore is no proof; nothing when it is Completed without warnings. Pure.
 * @param said what the copies of volumes and the server's log say of it
 */
export function operationProblem(
  kind: "Backup" | "Restore",
  name: string,
  status: OperationStatus,
  said: readonly string[] = [],
): string | undefined {
  if (isClean(status)) return undefined;
  const { phase = "without a phase", failureReason, validationErrors = [], warnings = 0, errors = 0 } = status;
  const reasons = [failureReason, ...validationErrors, ...said].filter(
    (reason) => reason !== undefined && reason !== "",
  );
  const why = reasons.length > 0 ? `: ${[...new Set(reasons)].slice(0, TOLD).join("; ")}` : "";
  return `${kind} ${name} is ${phase} with ${errors} errors and ${warnings} warnings${why}. What it says: velero ${kind.toLowerCase()} logs ${name}`;
}

/** Completed is no proof that volumes were copied: Velero passes over what no running pod has mounted. Pure. */
export function volumeProblem(claims: number, copied: number): string | undefined {
  if (claims === copied) return undefined;
  return `${copied} volumes were copied of ${claims} claims in the namespace: start the pods that mount the others.`;
}
