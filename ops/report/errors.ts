/** Why there is no report; said in one sentence. */
export class ReportError extends Error {
  readonly code = "REPORT";
}
