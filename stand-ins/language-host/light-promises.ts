/**
 * Keeps the SDK from writing down, for each of its thousands of promises, where in the program it arose: a tenth of the
 * time that a program takes. It tells so only of promises that were left open, and only when it is asked to, by
 * `PULUMI_DEBUG_PROMISE_LEAKS`. Errors have their traces as ever.
 */
import debuggable = require("@pulumi/pulumi/runtime/debuggable");

const sdk = debuggable as { debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown> };
const withTrace = sdk.debuggablePromise;

if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  sdk.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return withTrace(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
