import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EngineStack, eventually } from "./engine";

describe("lab language host on the real engine", () => {
  let stack: EngineStack;
  const begin = async (program: string): Promise<void> => {
    stack = new EngineStack(program, { traces: true });
    await stack.create();
  };
  afterEach(() => stack?.remove());

  it("shows a refusal by its message alone, and ends with an error", async () => {
    await begin("refusal");
    const { exitCode, output } = await stack.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /error: onprem:customer must be a DNS label, not "Acme Corp"/);
    assert.doesNotMatch(output, /^\s+at /m);
    assert.doesNotMatch(output, /exited with/);
  });

  it("shows where a program crashed", async () => {
    await begin("crash");
    const { exitCode, output } = await stack.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /TypeError: Cannot read properties of undefined/);
    assert.match(output, /crash\.(js|ts):\d+/);
  });

  it("leaves no process behind when the engine is killed, and the next update converges", async () => {
    await begin("held");
    const held = join(stack.folder, "held");
    const checkpoint = join(stack.folder, "state/.pulumi/stacks/engine-test/test.json");
    writeFileSync(held, "");

    const engine = stack.start("up", "--yes", "--skip-preview");
    const ended = once(engine, "exit");
    // Only a finished creation has a value; what is being created stands in the state by name.
    const created = () => existsSync(checkpoint) && readFileSync(checkpoint, "utf8").includes('"ciphertext"');
    await eventually("the first password is in the state", 120_000, created);
    const commands = stack
      .processes()
      .map(({ command }) => command)
      .join("\n");
    for (const part of ["language-host/plugin.js", "cmd/run", "random/plugin.js"])
      assert.ok(commands.includes(part), `${part} does not run:\n${commands}`);

    // Each file is written under a name of its own first, and then put in the place of the old one.
    const beside = readdirSync(dirname(checkpoint)).filter((file) => !/^test\.json(\.bak)?(\.\w+\.tmp)?$/.test(file));
    assert.deepEqual(beside, [], "only what is replaced at once: nothing that a killed engine leaves half-written");

    engine.kill("SIGKILL");
    await ended;
    await eventually("the host, the program and the plugin end", 60_000, () => stack.processes().length === 0);

    rmSync(held);
    const before = await firstPassword();
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    if (exitCode !== 0) {
      assert.match(output, /pulumi cancel/);
      await stack.succeed("cancel", "--yes");
      await stack.succeed("up", "--yes", "--skip-preview");
    }
    const [first, second] = (await stack.outputs()).results as unknown as [string, string];
    assert.equal(first, before);
    assert.equal(second.length, 16);
    await stack.succeed("preview", "--expect-no-changes");
  });

  const firstPassword = async (): Promise<string> => {
    const state = JSON.parse(await stack.succeed("stack", "export", "--show-secrets")) as {
      deployment: { resources: { urn: string; outputs?: { result?: { plaintext: string } } }[] };
    };
    const resource = state.deployment.resources.find(({ urn }) => urn.endsWith("RandomPassword::first"));
    return JSON.parse(resource?.outputs?.result?.plaintext ?? "null");
  };
});
