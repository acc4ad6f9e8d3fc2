import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../lab/layout";

/** What a program prints that starts as the lab's language host starts one. */
async function printed(program: string): Promise<string> {
  const preload = join(projectRoot, "dist", "stand-ins", "language-host", "late-modules.js");
  const { stdout } = await execa(process.execPath, ["--require", preload, "--eval", program], { cwd: projectRoot });
  return stdout;
}

const count = `Object.keys(require.cache).filter((file) => /node_modules.(typescript|@npmcli.arborist)./.test(file)).length`;

describe("modules that a program of the lab reads late", () => {
  it("are not read by a program that does not use them", async () => {
    assert.equal(await printed(`require("@pulumi/pulumi"); console.log(${count})`), "0");
  });

  it("are there for the SDK once it turns a function into text", async () => {
    const program = `
      const { runtime } = require("@pulumi/pulumi");
      const limit = 3;
      runtime.serializeFunction(() => limit + 1).then(({ text }) => console.log(/limit \\+ 1/.test(text), ${count} > 0));`;
    assert.equal(await printed(program), "true true");
  });
});
