import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What the process that serves says first: the variables by which the engine finds it. */
export interface AttachVariables {
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
    private readonly pid: number,
  ) {}

  /**
   * Starts them; they end with this process at the latest.
   * @param environment what programs and stand-in clouds find in `process.env`, for as long as the process runs
   */
  static async start(environment: NodeJS.ProcessEnv): Promise<AttachedPlugins> {
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
    return new AttachedPlugins(JSON.parse(line) as AttachVariables, child.pid ?? 0);
  }

  stop(): void {
    process.kill(this.pid, "SIGTERM");
  }
}
