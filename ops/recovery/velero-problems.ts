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

/**
 * The errors and warnings of one operation in the log of Velero's server, the errors first. Pure.
 * @param log lines of logrus' text format
 * @param operation such as `restore=velero/daily-1`
 */
export function reasonsInLog(log: string, operation: string): string[] {
  const lines = log.split("\n").filter((line) => `${line} `.includes(` ${operation} `));
  const told = (level: string) =>
    lines
      .filter((line) => line.includes(`level=${level} `))
      .map((line) => [textOf(line, "msg"), textOf(line, "error")].filter((text) => text !== "").join(": "));
  const warnings = told("warning");
  // Velero warns of much that is nothing; what it counts as a warning of a restore it says in these words.
  const counted = warnings.filter((text) => text.includes("restore warning: "));
  return [...new Set([...told("error"), ...(counted.length > 0 ? counted : warnings)])];
}

/** A field's value: a word, or a quoted text with its escapes. */
function textOf(line: string, field: string): string {
  const [, quoted, word] = new RegExp(` ${field}=(?:("(?:[^"\\\\]|\\\\.)*")|(\\S+))`).exec(line) ?? [];
  if (quoted === undefined) return word ?? "";
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
