import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineEnvironment } from "../../lab/plugins";
import { stateAddress } from "../../lab/state-address";
import { AttachedPlugins, type AttachVariables, type ServedProvider } from "../support/engine/attached-plugins";
import { SECRETS_PROVIDER } from "../support/engine/key-stand-in";
import { makeQuietHome } from "../support/engine/quiet-home";

const PROJECT_ROOT = join(__dirname, "../../..");

/** Where the `pulumi` command is: what ONPREM_PULUMI names, else the first on PATH. */
export function findEngine(): string {
  const named = process.env.ONPREM_PULUMI;
  const candidates = named
    ? [named]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "pulumi"));
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  const place = named ? `ONPREM_PULUMI names ${named}, where there is no file` : "there is no pulumi on PATH";
  throw new Error(
    `These tests need the Pulumi engine, but ${place}. Set ONPREM_PULUMI to it, or build it with "npm run lab up".`,
  );
}

/** How a command ended, with everything that it printed. */
export interface CommandResult {
  exitCode: number;
  stdout: string;
  /** Standard output and standard error together. */
  output: string;
}

/** How an {@link EngineStack} is run. */
export interface EngineStackOptions {
  /**
   * Whether the program's errors say where they arose. The SDK keeps a trace of each of its many promises: without them a
   * run is a sixth shorter. Default: false.
   */
  readonly traces?: boolean;
  /**
   * Providers that the engine attaches to, as to the language host, and does not start; their environment is that of the
   * first run. The state is then written at the end of a run only. Default: none, as for a customer.
   */
  readonly attached?: readonly ServedProvider[];
}

/** A process that runs for a stack. */
export interface RunningProcess {
  pid: number;
  command: string;
}

/** A stack of a test program in a folder of its own, with a state file and plugins of its own, on the real engine. */
export class EngineStack {
  private readonly engine = findEngine();
  readonly folder = mkdtempSync(join(tmpdir(), "engine-test-"));
  private readonly home = join(this.folder, "home");

  private attached: Promise<AttachedPlugins> | undefined;

  /** @param program the name of a file in `test/engine/programs`. */
  constructor(
    program: string,
    private readonly options: EngineStackOptions = {},
  ) {
    const script = join(__dirname, "programs", `${program}.js`);
    makeQuietHome(this.home);
    mkdirSync(join(this.folder, "state"));
    mkdirSync(join(this.folder, "dist"));
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, "dist/index.js"), `module.exports = require(${JSON.stringify(script)});\n`);
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "engine-test", private: true }));
    const runtimeOptions = { typescript: false, nodeargs: options.traces ? "" : "--stack-trace-limit=0" };
    const runtime = { name: "nodejs", options: runtimeOptions };
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      JSON.stringify({ name: "engine-test", runtime, main: "dist/index.js" }),
    );
  }

  private get environment(): NodeJS.ProcessEnv {
    // The lab's environment names a stack of its own, which this one is not to be taken for.
    const { PULUMI_STACK: _, PULUMI_OPTION_CONFIG_FILE: __, PULUMI_CONFIG_PASSPHRASE_FILE: ___, ...rest } = process.env;
    return {
      ...rest,
      ...engineEnvironment(this.home),
      PULUMI_BACKEND_URL: stateAddress(join(this.folder, "state")),
      PULUMI_CONFIG_PASSPHRASE: "engine test",
    };
  }

  /** Makes the stack; its secrets are kept by a passphrase, or with attached plugins by a stand-in for keys. */
  async create(): Promise<void> {
    const provider = this.options.attached ? ["--secrets-provider", SECRETS_PROVIDER] : [];
    await this.succeed("stack", "init", "test", ...provider);
  }

  /** Runs a `pulumi` command and waits for its end. */
  async run(...args: string[]): Promise<CommandResult> {
    const { attached } = this.options;
    const attachVariables = attached ? await this.attach(attached) : {};
    // A preview keeps no state, and would spend a third of its time on writing it all down at each resource.
    const skipCheckpoints = attached !== undefined || args[0] === "preview";
    const env = { ...this.environment, ...attachVariables, PULUMI_SKIP_CHECKPOINTS: String(skipCheckpoints) };
    const options = { cwd: this.folder, env, maxBuffer: 64 * 1024 * 1024 };
    return new Promise((resolve) => {
      execFile(this.engine, [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        const exitCode = error ? (typeof error.code === "number" ? error.code : 1) : 0;
        resolve({ exitCode, stdout, output: stdout + stderr });
      });
    });
  }

  private async attach(providers: readonly ServedProvider[]): Promise<AttachVariables> {
    this.attached ??= AttachedPlugins.start(this.environment, providers);
    return (await this.attached).variables;
  }

  /** Runs a `pulumi` command that must succeed, and returns its standard output. */
  async succeed(...args: string[]): Promise<string> {
    const { exitCode, stdout, output } = await this.run(...args);
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${output}`);
    return stdout;
  }

  /** Starts a `pulumi` command without waiting for it. */
  start(...args: string[]): ChildProcess {
    return spawn(this.engine, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.environment,
      stdio: "ignore",
    });
  }

  /** The stack's outputs, secrets in clear. */
  async outputs(): Promise<{ [name: string]: string }> {
    return JSON.parse(await this.succeed("stack", "output", "--json", "--show-secrets"));
  }

  /** Every process that was started for this stack and still runs: they inherit its PULUMI_HOME. */
  processes(): RunningProcess[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const read = (file: string): string[] => {
          try {
            return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
          } catch {
            return [];
          }
        };
        const ours = read("environ").includes(`PULUMI_HOME=${this.home}`);
        return ours ? [{ pid: Number(pid), command: read("cmdline").join(" ").trim() }] : [];
      });
  }

  /** Stops what still runs and removes the folder. */
  async remove(): Promise<void> {
    for (const { pid } of this.processes()) process.kill(pid, "SIGKILL");
    await sleep(100);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the condition holds. @throws Error that names what was awaited, after so many milliseconds. */
export async function eventually(what: string, milliseconds: number, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) {
    if (condition()) return;
  }
  throw new Error(`${what}: not within ${milliseconds} ms`);
}
