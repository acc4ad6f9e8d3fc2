import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lab/layout";
import { reasonOf } from "../../../ops/engine";

/** Commands on a stack, each as a person runs it, and what it begins its sentence with. */
const COMMANDS: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  report: [["dist/ops/report/cli.js", "--stack", "acme"], /^The outputs of stack acme cannot be read: /],
  drill: [["dist/ops/drill/cli.js", "--stack", "acme"], /^The outputs of stack acme cannot be read: /],
  "drill --last": [
    ["dist/ops/drill/cli.js", "--stack", "acme", "--last"],
    /^The outputs of stack acme cannot be read: /,
  ],
  restore: [
    ["dist/ops/restore/cli.js", "--stack", "acme", "--from", "daily"],
    /^The outputs of stack acme cannot be read: /,
  ],
  preview: [["dist/ops/preview/run.js", "--stack", "prod"], /^Stack prod cannot be previewed: /],
};

describe("a command on a stack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "engine-"));
    symlinkSync(process.execPath, join(folder, "node"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it where only these programs are. */
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [...args], { cwd: projectRoot, encoding: "utf8", env: { PATH: folder } });
  const engine = (script: string) => {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
  };

  for (const [name, [args, beginning]] of Object.entries(COMMANDS)) {
    it(`says in one sentence that there is no engine, and where one is to be had: ${name}`, () => {
      const { status, stderr } = run(args);
      assert.notEqual(status, 0);
      assert.match(stderr, beginning);
      assert.match(stderr, /there is no pulumi on PATH\. In the lab: npm run lab exec -- COMMAND; elsewhere: https:/);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }

  it("passes on what else the engine says, without its own form", () => {
    engine("echo 'error: the backend is away.' >&2; exit 255");
    const { status, stderr } = run(["dist/ops/report/cli.js", "--stack", "acme"]);
    assert.equal(status, 1);
    assert.equal(stderr, "The outputs of stack acme cannot be read: the backend is away.\n");
  });

  for (const [said, meant] of [
    [
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      /^the engine is logged in nowhere\. Say where the state is: pulumi login, or PULUMI_BACKEND_URL$/,
    ],
    ["error: no stack named 'acme' found", /^there is no stack acme where .* Those that there are: pulumi stack ls$/],
    [
      "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      /^its passphrase is missing or wrong\. Set PULUMI_CONFIG_PASSPHRASE/,
    ],
    [
      'error: unable to open state directory "file:///p/.lab/state": stat /p/.lab/state: no such file or directory',
      /^the folder of the engine's state \(PULUMI_BACKEND_URL\) is not there\. In the lab: npm run lab up$/,
    ],
    ["error: incorrect passphrase", /^its passphrase is missing or wrong/],
    [
      "error: no Pulumi.yaml project file found (searching upwards from /tmp).",
      /^this is not the folder of the program\. Change to the one with Pulumi\.yaml$/,
    ],
  ] as const)
    it(`knows the way out of "${said.slice(7, 40)}…"`, () => assert.match(reasonOf("acme", { stderr: said }), meant));

  it("has a reason where the engine gives none", () => {
    assert.match(reasonOf("acme", { exitCode: 255 }), /exit code 255, and gave no reason/);
    assert.match(reasonOf("acme", { signal: "SIGKILL" }), /stopped by SIGKILL/);
  });
});
