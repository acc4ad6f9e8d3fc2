import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { parse, stringify } from "yaml";
import { labRoot, paths, projectRoot } from "../../../lab/layout";
import { type LabObject, listObjects } from "../../../lab/node/cluster-api";
import { serviceAddress } from "../../../lab/node/start";
import { type ParseAddress, parseAddressOf } from "../../../lab/proof";
import { builtPlugins, createStackCommand, labEnvironment, stackFileOf } from "../../../lab/stack";
import { Ledger } from "../../../stand-ins/cloud/ledger";
import { AttachedPlugins, type ServedProvider } from "../engine/attached-plugins";
import { SECRETS_PROVIDER } from "../engine/key-stand-in";
import { makeQuietHome } from "../engine/quiet-home";

/**
 * How long a release may take: on a machine where all lanes run, more than the dev settings allow one alone. It is also how
 * long an update waits for one that a killed update left unfinished.
 */
const RELEASE_SECONDS = 360;

/** PULUMI_HOME of all stacks of tests in this lab. */
const HOME = join(labRoot, "pulumi-home-of-tests");

/** Settings as they stand in a stack's file, without the `onprem:` before each section. */
export interface StackSettings {
  customer: string;
  parse: Record<string, unknown> & { namespace: string };
  [section: string]: unknown;
}

/** What an engine command wrote, and how it ended. */
export interface EngineResult {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** An engine command that runs. */
type RunningEngine = ResultPromise<{ reject: false; all: true }>;

/** How a {@link LabStack} is run. */
export interface LabStackOptions {
  /**
   * Whether the engine attaches to plugins that stay, and writes the state at the end of an update only: a third of the
   * CPU, for tests of what the platform does. An update that is killed is never run so. Default: false, as for a customer.
   */
  readonly attached?: boolean;
  /** The platform that it manages: a customer's and namespaces' name. Default: the stack's own name. */
  readonly platform?: string;
  /** Providers that the engine attaches to, where it does. Default: the lab's own. */
  readonly providers?: readonly ServedProvider[];
  /** Further variables of the environment in which it is run. Default: none. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A stack of this project in the lab with a name, settings and a namespace of its own, beside the developer's. */
export class LabStack {
  readonly namespace: string;
  /** The name of what it manages, which another stack managed before it or not. */
  readonly platform: string;
  /** What exists for this stack in the stand-in clouds. */
  readonly ledger: Ledger;
  /** The project whose program is run: this checkout, or a release unpacked. */
  protected project = projectRoot;
  private readonly file: string;

  private plugins: AttachedPlugins | undefined;
  /** What the engine says of them, until it may have changed them. */
  private outputs: Promise<string> | undefined;

  constructor(
    readonly name: string,
    private readonly options: LabStackOptions = {},
  ) {
    this.platform = options.platform ?? name;
    this.namespace = `parse-${this.platform}`;
    this.file = stackFileOf(name);
    this.ledger = new Ledger(join(labRoot, "clouds-of-tests", name));
  }

  /** A checked-in stack's settings under this stack's name. */
  settings(checkedIn: "dev" | "prod" = "dev"): StackSettings {
    const { config } = parse(readFileSync(join(projectRoot, `Pulumi.${checkedIn}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
    const sections = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("onprem:", ""), value]),
    );
    const settings = sections as StackSettings;
    const parseSettings = { ...settings.parse, namespace: this.namespace, timeoutSeconds: RELEASE_SECONDS };
    // Of this lab, wherever it is: the dev settings name the cluster of the checkout's own.
    const cluster = checkedIn === "dev" ? { kind: "existing", kubeconfig: paths.kubeconfig } : settings.cluster;
    return { ...settings, customer: this.platform, cluster, parse: parseSettings };
  }

  /** Writes the settings; what the engine keeps in the file stays. */
  write(settings: object): void {
    const { config: _, ...kept } = existsSync(this.file)
      ? (parse(readFileSync(this.file, "utf8")) as { config?: object })
      : {};
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`onprem:${key}`, value]));
    writeFileSync(this.file, stringify({ ...kept, config }));
  }

  /** Writes the dev settings with a change of the `parse` section. */
  writeParse(change: Record<string, unknown>): void {
    const settings = this.settings();
    this.write({ ...settings, parse: { ...settings.parse, ...change } });
  }

  /** The environment in which commands work on this stack as a customer's do. */
  private plainEnvironment(): Record<string, string> {
    return {
      ...labEnvironment(),
      PULUMI_HOME: HOME,
      ...this.plugins?.keyVariables,
      ONPREM_CLOUD_LEDGER: this.ledger.folder,
      PULUMI_OPTION_CONFIG_FILE: this.file,
      PULUMI_STACK: this.name,
      ...this.options.variables,
    };
  }

  /** The environment in which commands work on this stack. */
  environment(): Record<string, string> {
    return { ...this.plainEnvironment(), ...this.plugins?.variables };
  }

  /** Starts an engine command without waiting for it: an update as a customer runs it, which may be killed. */
  start(...args: readonly string[]): RunningEngine {
    return this.startIn(this.plainEnvironment(), args);
  }

  /** Starts an engine command in an environment. */
  protected startIn(env: Record<string, string>, args: readonly string[]): RunningEngine {
    const command = [...args, "--non-interactive", "--color", "never"];
    if (!["preview", "config", "stack"].includes(args[0] ?? "")) this.outputs = undefined;
    return execa("pulumi", command, { cwd: this.project, env, reject: false, all: true });
  }

  /**
   * Starts an update, and waits until its output says this.
   * @param options further ones of `pulumi up`
   * @returns the engine, which runs, and what it wrote so far
   */
  async startUpUntil(sign: RegExp, ...options: readonly string[]): Promise<{ engine: RunningEngine; seen: string }> {
    const engine = this.start("up", "--yes", "--skip-preview", ...options);
    let seen = "";
    await new Promise<void>((resolve) => {
      engine.all.on("data", (text) => {
        seen += String(text);
        if (sign.test(seen)) resolve();
      });
      engine.all.on("end", () => resolve());
    });
    assert.match(seen, sign, "the update ended before the moment came");
    return { engine, seen };
  }

  /** Starts an update and kills its engine, this long after its output said this; returns what it wrote until then. */
  async killUpAt(sign: RegExp, afterMilliseconds = 0): Promise<string> {
    const { engine, seen } = await this.startUpUntil(sign);
    await sleep(afterMilliseconds);
    engine.kill("SIGKILL");
    await engine;
    return seen;
  }

  /** Runs an engine command to its end, however it ends. */
  async run(...args: readonly string[]): Promise<EngineResult> {
    // A preview keeps no state, and would spend a third of its time on writing it all down at each resource.
    const skipCheckpoints = this.plugins !== undefined || args[0] === "preview";
    const env = { ...this.environment(), PULUMI_SKIP_CHECKPOINTS: String(skipCheckpoints) };
    const { exitCode, all } = await this.startIn(env, args);
    return { exitCode, output: all };
  }

  /** Runs an engine command that must end well. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.run(...args);
    assert.equal(exitCode, 0, `pulumi ${args.join(" ")} ended with ${exitCode}:\n${output}`);
    return output;
  }

  /** From now on the engine attaches to plugins that stay, as with {@link LabStackOptions.attached}. */
  async attach(): Promise<void> {
    this.plugins ??= await AttachedPlugins.start(this.plainEnvironment(), this.options.providers);
  }

  /** Makes the stack with the dev settings. */
  async create(): Promise<void> {
    makeQuietHome(HOME, builtPlugins());
    this.write(this.settings());
    if (this.options.attached) await this.attach();
    const provider = this.options.attached ? ["--secrets-provider", SECRETS_PROVIDER] : [];
    await this.succeed(...createStackCommand(this.name), ...provider);
  }

  /** Updates the stack; must end well. */
  up(): Promise<string> {
    return this.succeed("up", "--yes", "--skip-preview");
  }

  /** Fails unless a preview finds nothing to change; returns what it wrote. */
  expectNoChanges(...options: readonly string[]): Promise<string> {
    return this.succeed("preview", "--expect-no-changes", "--diff", ...options);
  }

  /** Destroys and forgets the stack, whatever state it is in. */
  async remove(): Promise<void> {
    const destroy = ["destroy", "--yes", "--skip-preview", "--remove"] as const;
    const { exitCode, output } = await this.run(...destroy);
    if (exitCode !== 0) {
      // An engine that was killed holds its stack.
      assert.match(output, /pulumi cancel/, output);
      await this.succeed("cancel", "--yes");
      await this.succeed(...destroy);
    }
    this.clear();
  }

  /** Forgets the stack and its stand-in clouds, and destroys nothing: for one whose cluster is a stand-in too. */
  async forget(): Promise<void> {
    await this.succeed("stack", "rm", this.name, "--force", "--yes");
    this.clear();
  }

  private clear(): void {
    this.plugins?.stop();
    this.plugins = undefined;
    rmSync(this.file, { force: true });
    rmSync(this.ledger.folder, { recursive: true, force: true });
  }

  /** Parse Server's address as this machine reaches it. */
  async parseAddress(): Promise<ParseAddress> {
    this.outputs ??= this.succeed("stack", "output", "--json", "--show-secrets");
    const { parse: outputs } = JSON.parse(await this.outputs);
    return parseAddressOf(outputs, await serviceAddress(outputs.namespace, outputs.service));
  }

  /** Objects of the application's namespace, by kinds such as `secrets` and `deployments.v1.apps`. */
  async objects(...kinds: readonly string[]): Promise<Array<Record<string, unknown> & LabObject>> {
    const lists = kinds.map((kind) => listObjects<Record<string, unknown> & LabObject>(kind, this.namespace));
    return (await Promise.all(lists)).flat();
  }
}
