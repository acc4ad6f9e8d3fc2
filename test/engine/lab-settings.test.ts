import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { installEngineCommand } from "../../lab/engine-command";
import { projectRoot } from "../../lab/layout";
import { engineEnvironment } from "../../lab/plugins";
import { stateAddress } from "../../lab/state-address";
import { makeQuietHome } from "../support/engine/quiet-home";
import { findEngine } from "./engine";

/** A program whose output is what it is told of its settings. */
const PROGRAM = `exports.parse = new (require("@pulumi/pulumi").Config)("onprem").requireObject("parse");\n`;

describe("plain pulumi commands in the lab's shell", () => {
  const checkout = realpathSync(mkdtempSync(join(tmpdir(), "lab-settings-")));
  const file = (name: string) => join(checkout, name);
  const checkedIn = file("Pulumi.dev.yaml");
  const copy = file(".lab/stacks/Pulumi.dev.yaml");
  const edit = (from: string, to: string) => {
    const text = readFileSync(checkedIn, "utf8");
    assert.ok(text.includes(from), from);
    writeFileSync(checkedIn, text.replace(from, to));
  };

  function pulumi(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const env = {
      ...process.env,
      ...engineEnvironment(file(".lab/pulumi-home")),
      PATH: [file(".lab/bin"), findEngine().replace(/\/pulumi$/, ""), process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: stateAddress(file(".lab/state")),
      PULUMI_CONFIG_PASSPHRASE: "lab",
      PULUMI_OPTION_CONFIG_FILE: copy,
      PULUMI_STACK: "dev",
    };
    return new Promise((resolve) => {
      execFile(
        "pulumi",
        [...args, "--non-interactive", "--color", "never"],
        { cwd: checkout, env },
        (error, out, err) => resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output: out + err }),
      );
    });
  }
  async function succeed(...args: string[]): Promise<string> {
    const { exitCode, output } = await pulumi(...args);
    assert.equal(exitCode, 0, output);
    return output;
  }
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout, encoding: "utf8" });

  before(async () => {
    for (const name of ["Pulumi.dev.yaml", "lab/every-part.yaml", "dist/lab", ".gitignore"])
      cpSync(join(projectRoot, name), file(name), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), file("node_modules"));
    writeFileSync(file("index.js"), PROGRAM);
    writeFileSync(file("package.json"), '{ "main": "index.js" }');
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    writeFileSync(file("Pulumi.yaml"), `name: onprem-platform\n${runtime}\n`);
    for (const folder of ["state", "stacks"]) mkdirSync(file(`.lab/${folder}`), { recursive: true });
    cpSync(file("Pulumi.yaml"), file(".lab/stacks/Pulumi.yaml"));
    makeQuietHome(file(".lab/pulumi-home"));
    installEngineCommand({
      folder: file(".lab/bin"),
      stackFile: copy,
      sources: [checkedIn, file("lab/every-part.yaml"), file(".lab/parts.json")],
      seen: file(".lab/stacks/dev.seen"),
      refresh: ["env", `ONPREM_LAB_ROOT=${file(".lab")}`, process.execPath, file("dist/lab/refresh-settings.js")],
    });
    git("init", "--quiet");
    git("add", "--all");
    await succeed("stack", "select", "dev", "--create", "--cwd", file(".lab/stacks"));
  });
  after(() => rmSync(checkout, { recursive: true, force: true }));

  it("see an edit of Pulumi.dev.yaml at once", async () => {
    assert.match(await succeed("preview"), /replicas *: 1\n/);
    edit("replicas: 1", "replicas: 2");
    assert.match(await succeed("preview"), /replicas *: 2\n/);
    edit("replicas: 2", "replicas: 1");
  });

  it("keep what pulumi config set, secrets too, until the same setting is edited", async () => {
    await succeed("config", "set", "--path", "onprem:parse.replicas", "3");
    await succeed("config", "set", "--path", "--secret", "onprem:parse.database.password", "hidden");
    edit("terminationDrainSeconds: 5", "terminationDrainSeconds: 6");
    assert.equal((await succeed("config", "get", "--path", "onprem:parse.replicas")).trim(), "3");
    assert.equal((await succeed("config", "get", "--path", "onprem:parse.terminationDrainSeconds")).trim(), "6");
    assert.equal((await succeed("config", "get", "--path", "onprem:parse.database.password")).trim(), "hidden");
    assert.ok(!readFileSync(copy, "utf8").includes("hidden"));
    edit("replicas: 1", "replicas: 4");
    assert.equal((await succeed("config", "get", "--path", "onprem:parse.replicas")).trim(), "4");
    edit("replicas: 4", "replicas: 1");
    edit("terminationDrainSeconds: 6", "terminationDrainSeconds: 5");
    await succeed("config", "rm", "--path", "onprem:parse.database.password");
    await succeed("preview");
  });

  it("say that the file is no YAML, and run nothing", async () => {
    const text = readFileSync(checkedIn, "utf8");
    writeFileSync(checkedIn, `${text}  [\n`);
    const { exitCode, output } = await pulumi("preview");
    writeFileSync(checkedIn, text);
    assert.equal(exitCode, 1);
    assert.match(output, /Pulumi\.dev\.yaml is no YAML: .*Fix the file\.\n$/);
    assert.doesNotMatch(output, /^\s+at |Previewing/m);
  });

  it("leave the checked-in files as they are", () => {
    assert.equal(git("status", "--short", "--untracked-files=all").replaceAll(/^A {2}.*\n/gm, ""), "");
  });
});
