/** Lines of logrus' text format, which Velero's server writes: https://github.com/sirupsen/logrus. Pure. */

/**
 * The errors and warnings that belong to one operation, the errors first.
 * @param log the server's log
 * @param operation the field that says so, such as `restore=velero/daily-1`
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
