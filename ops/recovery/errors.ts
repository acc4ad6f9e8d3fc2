/** Why a drill did not pass, or a restore could not be made; said in one sentence. */
export class RecoveryError extends Error {
  readonly code = "RECOVERY";
}
