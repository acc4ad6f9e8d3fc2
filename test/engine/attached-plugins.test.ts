import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { EngineStack, eventually } from "./engine";

describe("plugins that the engine attaches to", () => {
  const stacks = [new EngineStack("troubled", { attached: ["random"] }), new EngineStack("troubled")];
  before(async () => {
    for (const stack of stacks) await stack.create();
  });
  after(async () => {
    for (const stack of stacks) await stack.remove();
  });
  const [attached] = stacks as [EngineStack, EngineStack];

  async function errorsOf(stack: EngineStack, trouble: string) {
    await stack.succeed("config", "set", "troubled:trouble", trouble);
    const { exitCode, output } = await stack.run("preview");
    const [, diagnostics = ""] = output.split("\nDiagnostics:\n");
    // What a process of its own shows of a trace, when it keeps none, is the name of the error's class.
    return { exitCode, errors: diagnostics.match(/^ +error: .*$/gm)?.map((line) => line.replace("Error: ", "")) };
  }

  it("run a program each time as in a process of its own", async () => {
    for (const _ of ["first", "second"]) {
      await attached.succeed("up", "--yes", "--skip-preview");
      assert.equal((await attached.outputs()).runs, 1);
    }
    await attached.succeed("preview", "--expect-no-changes");
  });

  it("tell errors as a process of its own does, early and late, one run after the other", async () => {
    // After such a message a process of its own tells nothing any more.
    await errorsOf(attached, "unheard");
    for (const trouble of ["late", "at once", "late"]) {
      const told = await Promise.all(stacks.map((stack) => errorsOf(stack, trouble)));
      assert.deepEqual(told[0], told[1]);
      assert.match(told[0]?.errors?.join("\n") ?? "", new RegExp(`refused ${trouble}`));
    }
  });

  it("end with the process that started them", async () => {
    const program = `
      require(${JSON.stringify(join(__dirname, "../support/engine/attached-plugins.js"))}).AttachedPlugins.start(process.env)
        .then((plugins) => process.stdout.write(String(plugins.pid)))`;
    const pid = execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
    assert.match(pid, /^\d+$/);
    await eventually("the plugins end", 60_000, () => !existsSync(`/proc/${pid}`));
  });
});
