import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../lab/layout";

/** What a program prints that opens a promise of the SDK's and then meets an error. */
async function printed(env: Record<string, string> = {}): Promise<string[]> {
  const preload = join(projectRoot, "dist", "stand-ins", "language-host", "light-promises.js");
  const program = `
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve(1);
    debuggablePromise(promise, "context");
    console.log(/\\n +at /.test(promise._debugStackTrace));
    console.log(/\\n +at /.test(new Error("wrong").stack));`;
  const { stdout } = await execa(process.execPath, ["--require", preload, "--eval", program], {
    cwd: projectRoot,
    env,
  });
  return stdout.split("\n");
}

describe("promises of a program of the lab", () => {
  it("do not say where they arose, and errors do", async () => {
    assert.deepEqual(await printed(), ["false", "true"]);
  });

  it("say it when the SDK is asked for promises that leak", async () => {
    assert.deepEqual(await printed({ PULUMI_DEBUG_PROMISE_LEAKS: "1" }), ["true", "true"]);
  });
});
