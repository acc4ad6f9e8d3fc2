/** What went wrong in the lab; each code has one meaning and one way out. */
export type LabErrorCode =
  | "unsupported-host"
  | "missing-program"
  | "not-enough-room"
  | "port-taken"
  | "in-use"
  | "step-failed"
  | "timeout"
  | "not-running"
  | "proof-failed"
  | "unexpected-content"
  | "invalid-setting"
  | "download-failed";

/** An error meant for a person: its message is whole sentences and names the way out. Shown without a stack trace. */
export class LabError extends Error {
  /**
   * @param code which kind of failure this is
   * @param message what happened, where, and what to do about it
   */
  constructor(
    readonly code: LabErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "LabError";
  }
}
