import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { projectRoot } from "../../../lab/layout";

const SOURCE = `
type Reason = string;

interface Problem {
  readonly reason: Reason;
}

export function fail({ reason }: Problem): never {
  throw new TypeError(reason);
}
`;

describe("traces of the program's errors", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-traces-"));
  const source = join(folder, "failing.ts");
  const compiled = join(folder, "failing.js");

  before(async () => {
    writeFileSync(source, SOURCE);
    await build({ entryPoints: [source], outfile: compiled, format: "cjs", sourcemap: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The trace of an error, in a process of its own. */
  async function trace(program: string, traced = folder): Promise<string[]> {
    const code = `
      require("./dist/program/stack-traces").traceIntoSources(${JSON.stringify(traced)});
      const { fail } = require(${JSON.stringify(compiled)});
      const caught = (work) => { try { work(); } catch (error) { return error.stack; } };
      ${program}`;
    const { stdout } = await execa(process.execPath, ["--eval", code], { cwd: projectRoot });
    return stdout.split("\n");
  }

  it("name the line and column of the source", async () => {
    const [error, first] = await trace(`console.log(caught(() => fail({ reason: "broken" })));`);
    assert.equal(error, "TypeError: broken");
    assert.equal(first, `    at fail (${source}:9:9)`);
  });

  it("say the same of the same place each time", async () => {
    const lines = await trace(
      `const [one, two] = [1, 2].map(() => caught(() => fail({ reason: "broken" }))); console.log(one === two);`,
    );
    assert.deepEqual(lines, ["true"]);
  });

  it("are V8's own outside the program", async () => {
    const [error, first] = await trace(`console.log(caught(() => fail({ reason: "broken" })));`, "/another/folder");
    assert.equal(error, "TypeError: broken");
    assert.match(first ?? "", /^ {4}at fail \(.+failing\.js:\d+:\d+\)$/);
  });

  it("have a first line as V8 writes it: with what the error says of itself, or its name alone", async () => {
    const lines = await trace(`
      class Named extends Error { name = "SettingsError"; }
      for (const error of [new Named("two\\nlines"), new Error()]) console.log(error.stack.split("\\n    at ")[0]);`);
    assert.deepEqual(lines, ["SettingsError: two", "lines", "Error"]);
  });
});
