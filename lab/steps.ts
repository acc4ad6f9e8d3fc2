import { appendFileSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { LabError } from "./errors";
import { paths } from "./layout";

/** One unit of work that a person follows: it has a name, a log of its own, and a line that says how far it is. */
export interface Step {
  /** Says how far the step is, in one line. */
  progress(line: string): void;
  /** Writes a line to the step's log only. */
  log(line: string): void;
  /** Runs a program with its output in the step's log; resolves to what it wrote to standard output. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<string>;
}

/** How a program of a step is run. */
export interface RunOptions {
  /** Working directory; default: the current one. */
  readonly cwd?: string;
  /** Environment on top of the current one. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input; default: none. */
  readonly input?: string;
  /** Called with each line of standard error, for progress. */
  readonly onErrorLine?: (line: string) => void;
  /** Milliseconds after which the program is killed; default: no limit. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Opens a step with a fresh log.
 * @param name names the log file
 * @param show receives progress lines
 */
export function openStep(name: string, show: (line: string) => void): Step {
  mkdirSync(paths.stepLogs, { recursive: true });
  const logFile = join(paths.stepLogs, `${name}.log`);
  writeFileSync(logFile, "");
  const log = (line: string): void => appendFileSync(logFile, `${line}\n`);
  return {
    log,
    progress: (line) => {
      log(`# ${line}`);
      show(line);
    },
    run: (program, args, options = {}) => runLogged(name, logFile, program, args, options),
  };
}

async function runLogged(
  name: string,
  logFile: string,
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  appendFileSync(logFile, `$ ${program} ${args.join(" ")}\n`);
  const child = execa(program, args, {
    cwd: options.cwd,
    env: options.env,
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    timeout: options.timeoutMilliseconds,
    reject: false,
    maxBuffer: 64 * 1024 * 1024,
    stripFinalNewline: true,
  });
  const sink = createWriteStream(logFile, { flags: "a" });
  child.stdout?.pipe(sink, { end: false });
  child.stderr?.pipe(sink, { end: false });
  const watched = options.onErrorLine ? watchLines(child.iterable({ from: "stderr" }), options.onErrorLine) : undefined;
  const result = await child;
  await watched;
  sink.end();
  if (result.failed) {
    const how = result.timedOut ? "took too long" : (result.shortMessage ?? "failed").split("\n")[0];
    throw new LabError("step-failed", `${name}: ${how}.\n${tail(logFile, 25)}\nThe whole log: ${logFile}`);
  }
  return result.stdout;
}

async function watchLines(lines: AsyncIterable<string | Uint8Array>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The program's failure is reported by its result.
  }
}

/** The last lines of a log, indented. */
export function tail(file: string, count: number): string {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}

/**
 * Waits until a condition holds.
 * @param what names the condition, for the error
 * @param condition is asked again until it returns a true value
 * @param timeoutMilliseconds gives up after this long with a `timeout` error that carries `why()`
 */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean> | boolean,
  timeoutMilliseconds: number,
  why: () => string = () => "",
): Promise<void> {
  const deadline = Date.now() + timeoutMilliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new LabError("timeout", `${what}: not after ${timeoutMilliseconds / 1000} s. ${why()}`.trim());
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
