import * as pulumi from "@pulumi/pulumi";

/**
 * An error that may arise while outputs are computed; the engine prints its message alone.
 *
 * It has no stack. The SDK renders the one of every error that nobody catches for its traces, its source maps name
 * frames `node_modules/@pulumi/output.ts`, and of such a frame Node's `util.inspect` with colours makes a text without
 * end: half a minute passes until that is too long for it, and until then the user reads nothing.
 */
export class ProgramError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.stack = `${new.target.name}: ${message}`;
    // The SDK puts before it which input of which resource waited for it, which is no news to the user.
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}
