import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The lab's own providers that are served. */
export const OWN_PROVIDERS = ["random", "tls", "gcp", "rancher2"] as const;

/** A provider that can be served: the lab's own, and the tests' stand-in where no cluster is. */
export type ServedProvider = (typeof OWN_PROVIDERS)[number] | "kubernetes";

/** What the process that serves says first: ports on loopback. */
export interface ServedPorts {
  readonly language: number;
  readonly providers: Readonly<Record<ServedProvider, number>>;
  /** Of the stand-in that keeps the stack's data key. */
  readonly keys: number;
}

/** By this the engine finds the data key of a stack that was made with the stand-in for keys, attached or not. */
export interface KeyVariables {
  readonly VAULT_SERVER_URL: string;
}

/** By these the engine finds what it is to attach to. */
export interface AttachVariables extends KeyVariables {
  /** https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/resource/plugin/langruntime_plugin.go#L156 */
  readonly PULUMI_DEBUG_LANGUAGES: string;
  /** https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/resource/plugin/provider_plugin.go#L146 */
  readonly PULUMI_DEBUG_PROVIDERS: string;
}

/**
 * The lab's plugins and its language host in one process, which the engine attaches to instead of starting each of them at
 * each run. There the program's packages are loaded once, and run at the speed of what has run before: a preview takes a
 * third of the CPU. For tests of what a platform does; that plugins start and end as they should has tests of its own.
 */
export class AttachedPlugins {
  private constructor(
    readonly variables: AttachVariables,
    readonly keyVariables: KeyVariables,
    /** Of the process that serves them. */
    readonly pid: number,
  ) {}

  /**
   * Starts them; they end with this process at the latest.
   * @param environment what programs and stand-in clouds find in `process.env`, for as long as the process runs
   * @param providers the others are started by the engine
   */
  static async start(
    environment: NodeJS.ProcessEnv,
    providers: readonly ServedProvider[] = OWN_PROVIDERS,
  ): Promise<AttachedPlugins> {
    const program = join(__dirname, "attached-plugins-program.js");
    const child = spawn(process.execPath, [program], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface(child.stdout);
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the attached plugins ended with ${code} before they served`);
    });
    const [line] = await Promise.race([once(lines, "line"), ended]);
    ended.catch(() => {});
    lines.close();
    child.stdout.resume();
    // Nothing is awaited of it any more: a test run that ends does not wait for it.
    child.unref();
    (child.stdout as unknown as { unref(): void }).unref();
    const ports = JSON.parse(line) as ServedPorts;
    const keyVariables = { VAULT_SERVER_URL: `http://127.0.0.1:${ports.keys}` };
    const variables = {
      ...keyVariables,
      PULUMI_DEBUG_LANGUAGES: `nodejs:${ports.language}`,
      PULUMI_DEBUG_PROVIDERS: providers.map((name) => `${name}:${ports.providers[name]}`).join(","),
    };
    return new AttachedPlugins(variables, keyVariables, child.pid ?? 0);
  }

  /** Ends them at once: they hold nothing that is not on disk. */
  stop(): void {
    process.kill(this.pid, "SIGKILL");
  }
}
