import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PLUGINS = join(__dirname, "../../../../stand-ins");

/** Starts a plugin below another process, as the engine would, and waits for its port. */
async function startBelow(script: string): Promise<{ engine: ChildProcess; plugin: number }> {
  const command = [process.execPath, join(PLUGINS, script)];
  const engine = spawn("sh", ["-c", '"$0" "$1" & echo "$!"; wait', ...command], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: engine.stdout });
  const [plugin] = await once(lines, "line");
  const [port] = await once(lines, "line");
  assert.match(port, /^\d+$/);
  return { engine, plugin: Number(plugin) };
}

/** A zombie has ended: it only waits for whoever inherited it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) {
    if (!isRunning(pid)) return true;
  }
  return false;
}

describe("lab plugin process", () => {
  for (const script of ["random/plugin.js", "tls/plugin.js", "language-host/plugin.js"]) {
    it(`${script} ends soon after the engine was killed`, async () => {
      const { engine, plugin } = await startBelow(script);
      engine.kill("SIGKILL");
      assert.ok(await endsWithin(plugin, 3000), "the plugin outlived the engine by three seconds");
    });

    it(`${script} ends at once when the engine asks for it`, async () => {
      const { engine, plugin } = await startBelow(script);
      process.kill(plugin, "SIGINT");
      assert.ok(await endsWithin(plugin, 1000), "the plugin ignored SIGINT");
      engine.kill("SIGKILL");
    });
  }
});
