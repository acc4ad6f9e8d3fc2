/** Why a drill did not pass, or could not be run; said in one sentence. */
export class DrillError extends Error {
  readonly code = "DRILL";
}
