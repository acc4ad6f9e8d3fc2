import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installEngineCommand } from "../../../lab/engine-command";

describe("the lab's command pulumi", () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const write = (name: string, content: string) => writeFileSync(file(name), content);
  const commands = () => file("it's the lab's/bin");

  function pulumi(path: readonly string[], stackFile = file("copy"), ...args: string[]) {
    const env = { PATH: [...path, "/usr/bin", "/bin"].join(":"), PULUMI_OPTION_CONFIG_FILE: stackFile };
    return spawnSync("pulumi", args, { encoding: "utf8", env });
  }
  const engine = () => file("engine");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "engine-command-"));
    mkdirSync(engine());
    write("engine/pulumi", '#!/bin/sh\necho "$$ $# $1 $(cat "$PULUMI_OPTION_CONFIG_FILE")"\nexit 7\n');
    chmodSync(file("engine/pulumi"), 0o755);
    // Plays lab/refresh-settings.js.
    write("refresh", `cat ${file("first")} ${file("second")} > ${file("seen")}; cat ${file("seen")} > ${file("copy")}`);
    write("first", "one ");
    write("second", "two");
    write("other", "another stack's");
    installEngineCommand({
      folder: commands(),
      stackFile: file("copy"),
      sources: [file("first"), file("second"), file("missing")],
      seen: file("seen"),
      refresh: ["sh", file("refresh")],
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("becomes the engine, with its arguments and exit code, once the settings are as the files say", () => {
    const { pid, status, stdout } = pulumi([commands(), engine()], file("copy"), "a word", "--flag");
    assert.equal(stdout, `${pid} 2 a word one two\n`);
    assert.equal(status, 7);
  });

  it("sees an edit at the next command, and makes nothing anew without one", () => {
    pulumi([commands(), engine()]);
    write("copy", "what the engine wrote");
    assert.match(pulumi([commands(), engine()]).stdout, /what the engine wrote/);
    write("second", "edited");
    assert.match(pulumi([commands(), engine()]).stdout, /one edited/);
  });

  it("leaves other stacks' settings alone", () => {
    assert.match(pulumi([commands(), engine()], file("other")).stdout, /another stack's/);
    assert.throws(() => readFileSync(file("copy")));
  });

  it("does not run the engine when the settings cannot be made", () => {
    write("refresh", "echo the file is no YAML >&2; exit 1");
    const { status, stderr, stdout } = pulumi([commands(), engine()]);
    assert.deepEqual({ status, stderr, stdout }, { status: 1, stderr: "the file is no YAML\n", stdout: "" });
  });

  it("is followed by the engine in a shell with two labs' commands, and says so where there is none", () => {
    const other = file("other-lab");
    installEngineCommand({ folder: other, stackFile: "-", sources: [], seen: "-", refresh: ["false"] });
    assert.match(pulumi([commands(), other, commands(), engine()]).stdout, /one two/);
    const { status, stderr } = pulumi([commands(), other]);
    assert.equal(status, 127);
    assert.match(stderr, /the engine is not built. Build it: npm run lab up/);
  });
});
