import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../lab/layout";
import { until } from "../../../support/lab/until";

/** The processes with this argument, by what they run. */
function commandsWith(argument: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.includes(argument) ? [words.join(" ").trim()] : [];
      } catch {
        return [];
      }
    });
}

describe("a server of the lab", () => {
  const folder = mkdtempSync(join(tmpdir(), "processes-"));
  const records = join(folder, "processes");
  /** How long the server sleeps, seconds: no other process has this argument. */
  const argument = `${100_000 + process.pid}.5`;

  /** Runs a line of a lab's command, with the records in this test's folder. */
  const inLab = (line: string) => {
    const processes = join(projectRoot, "dist", "lab", "node", "processes.js");
    const server = JSON.stringify({ name: "sleeper", program: "sleep", args: [argument] });
    const script = `const fs = require("node:fs"); const lab = require("${processes}"); const server = ${server}; ${line}`;
    const env = { ONPREM_LAB_NAME: join("..", folder), ONPREM_LAB_ROOT: folder };
    return execa("node", ["-e", script], { env, reject: false, all: true });
  };
  const ends = () => until("the end of the server", async () => commandsWith(argument).length === 0);

  afterEach(() => inLab('lab.stopServer("sleeper")'));
  after(() => rmSync(folder, { recursive: true }));

  it("runs on when the command that started it has ended, until it is stopped by its record", async () => {
    await inLab("lab.startServer(server)");
    await until("the server", async () => commandsWith(argument).includes(`sleep ${argument}`));
    const { stdout } = await inLab('console.log(lab.startedServers(), lab.runningPid("sleeper") > 0)');
    assert.equal(stdout, "[ 'sleeper' ] true");
    await inLab('lab.stopServer("sleeper")');
    assert.deepEqual([commandsWith(argument), readdirSync(records)], [[], []]);
  });

  for (const [moment, line] of Object.entries({
    "before it is on record": "fs.writeFileSync = () => process.kill(process.pid, 'SIGKILL'); lab.startServer(server)",
    "just when it is on record":
      "const write = fs.writeFileSync; fs.writeFileSync = (...all) => { write(...all); process.kill(process.pid, 'SIGKILL'); }; lab.startServer(server)",
  }))
    it(`does not begin where the command was killed ${moment}`, async () => {
      const { signal } = await inLab(line);
      assert.equal(signal, "SIGKILL");
      await ends();
      assert.equal(existsSync(join(records, "sleeper.json")), moment === "just when it is on record");
    });

  it("says why it did not start, in its log", async () => {
    const missing = '{ name: "sleeper", program: "/no/such/program", args: [] }';
    const { all } = await inLab(
      `lab.startServer(${missing}); lab.waitForServer("sleeper", async () => false, 30).catch(({ message }) => console.log(message))`,
    );
    assert.match(all, /sleeper stopped\. The end of [\s\S]*\/no\/such\/program: not found/);
  });
});
