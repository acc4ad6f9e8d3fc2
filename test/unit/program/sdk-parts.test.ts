import assert from "node:assert/strict";
import { execa } from "execa";
import { projectRoot } from "../../../lab/layout";

/** What a piece of program prints as JSON, in a process of its own, with the SDK as the bundle has it. */
async function printed(program: string): Promise<unknown> {
  const code = `const parts = require("./dist/program/sdk-parts"); console.log(JSON.stringify(${program}))`;
  const { stdout } = await execa(process.execPath, ["--eval", code], { cwd: projectRoot });
  return JSON.parse(stdout);
}

const heavy = `Object.keys(require.cache).filter((file) => /node_modules.(typescript|@npmcli)./.test(file)).length`;
const missing = (module: string, part: string) =>
  `Object.keys(require("${module}")).filter((name) => require("${module}")[name] !== ${part}[name])`;

describe("the SDK in the program's bundle", () => {
  it("has everything that the SDK has, and the same of each", async () => {
    // The bundle's own runtime is compared by its parts.
    assert.deepEqual(await printed(missing("@pulumi/pulumi", "parts.pulumi")), ["runtime"]);
    assert.deepEqual(await printed(missing("@pulumi/pulumi/runtime", "parts.runtime")), []);
  });

  it("reads no compiler and no resolver of dependencies", async () => {
    assert.equal(await printed(heavy), 0);
  });

  it("reads them once a program uses what needs them", async () => {
    assert.equal(await printed(`[typeof parts.pulumi.dynamic.Resource, ${heavy} > 0]`).then(String), "function,true");
  });
});
