import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { log as sdkLog } from "@pulumi/pulumi";
import * as runError from "@pulumi/pulumi/cmd/run/error";
import { isGrpcError, ResourceError, RunError } from "@pulumi/pulumi/errors";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import * as config from "@pulumi/pulumi/runtime/config";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { runInPulumiStack } from "@pulumi/pulumi/runtime/stack";
import * as state from "@pulumi/pulumi/runtime/state";

/** What programs have as `pulumi.log`. */
const log = sdkLog as { -readonly [name in keyof typeof sdkLog]: (typeof sdkLog)[name] };
/** Compiled sources. What of them a program needs is loaded anew for each run, as a process of its own would. */
const COMPILED = join(__dirname, "../../..");
/** Long for a program whose next step waits for nobody. */
const QUIET_MILLISECONDS = 500;
const DELIVERY_MILLISECONDS = 10_000;
/** Shared with the plugins of this process, and nothing that a program keeps anything in. */
const KEPT = [join(COMPILED, "lab") + sep, join(COMPILED, "stand-ins") + sep];

/** Whether an engine that has gone, or closes, did not answer. */
const isOfCall = (error: unknown) => error instanceof Error && isGrpcError(error);
/** Of the program that runs. What one that is over leaves behind is written down here, and nothing more. */
let running: Errors | undefined;
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error) => (running ? running.tell(error) : isOfCall(error) || console.error(error)));

/**
 * Runs a program in this process, as the SDK's `cmd/run` does in one of its own. Runs come one after the other.
 * @returns as the language host does: nothing, or that the program told its error
 */
export async function runAttachedProgram(request: messages.RunRequest, engine: string): Promise<messages.RunResponse> {
  beginRun(request, engine);
  process.chdir(request.getPwd());
  const program = resolve(request.getPwd(), request.getInfo()?.getEntryPoint() || ".");
  const errors = new Errors(program);
  running = errors;
  const over = new AbortController();
  try {
    await Promise.race([finished(program, errors, over.signal), stuck(errors, over.signal)]);
  } finally {
    over.abort();
    settings.disconnectSync();
    running = undefined;
  }
  return new messages.RunResponse().setBail(errors.count > 0 || log.hasErrors());
}

async function finished(program: string, errors: Errors, over: AbortSignal): Promise<void> {
  await runInPulumiStack(() => Promise.resolve(load(program))).catch(errors.tell);
  await quiet();
  // One that was given up would speak for the next one's engine.
  if (errors.count === 0 && !over.aborted) await runtime.signalAndWaitForShutdown();
  // What hooks said meanwhile is on its way.
  await quiet();
}

/** Waits until every call is answered. A turn later, errors that nobody handled are told, which is a call again. */
async function quiet(): Promise<void> {
  await runtime.waitForRPCs();
  await nextTurn();
  await runtime.waitForRPCs();
}

/**
 * After an error, or when the engine has gone, promises stay open for ever. A process of its own would end since nothing
 * keeps it; here a while in which nothing more is told stands for that.
 */
async function stuck(errors: Errors, over: AbortSignal): Promise<void> {
  for (let last = -1; !over.aborted; last = errors.count) {
    await sleep(QUIET_MILLISECONDS);
    if (memory().terminated || (errors.count > 0 && errors.count === last)) return errors.delivered();
  }
}

/** Tells the user each error once, in the words of the SDK's `cmd/run/run.ts`. */
class Errors {
  private readonly told = new Set<unknown>();
  private readonly messages: Promise<void>[] = [];

  constructor(private readonly program: string) {}

  get count(): number {
    return this.told.size;
  }

  /** Waits until the engine has what it was told. A message about a resource that never comes to be is not waited for. */
  async delivered(): Promise<void> {
    await Promise.race([Promise.all(this.messages), sleep(DELIVERY_MILLISECONDS)]);
  }

  readonly tell = (error: unknown): void => {
    // Where the engine has gone, which is what most errors of calls say, nobody is left to be told.
    if (this.told.has(error) || memory().terminated || isOfCall(error)) return;
    this.told.add(error);
    this.messages.push(this.message(error));
  };

  private message(error: unknown): Promise<void> {
    if (RunError.isInstance(error)) return log.error((error as Error).message);
    const text = defaultErrorMessage(error);
    if (!ResourceError.isInstance(error))
      return log.error(`Running program '${this.program}' failed with an unhandled exception:\n${text}`);
    const { message, hideStack, resource } = error as ResourceError;
    return log.error(hideStack ? message : text, resource);
  }
}

/** What the SDK keeps of a run, as far as it is looked at here. */
interface Memory {
  resourceModules: unknown;
  resourcePackages: unknown;
  settings: { options: { rootDirectory: string } };
  /** The engine has closed the connection: nothing that waits for it comes to an end. */
  terminated: boolean;
}

/** Of the SDK's own: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/run/error.ts */
const { defaultErrorMessage } = runError as unknown as { defaultErrorMessage(error: unknown): string };
/** The same: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/runtime/settings.ts */
const runtime = settings as unknown as Record<"waitForRPCs" | "signalAndWaitForShutdown", () => Promise<void>>;
/** The same: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/runtime/state.ts */
const memory = (state as unknown as { getStore(): Memory }).getStore;

/** Gives the SDK a new memory, but for the classes that its packages registered when they were loaded. */
function beginRun(request: messages.RunRequest, engine: string): void {
  const { resourceModules, resourcePackages } = memory();
  delete (globalThis as { globalStore?: unknown }).globalStore;
  Object.assign(memory(), { resourceModules, resourcePackages });
  memory().settings.options.rootDirectory = request.getInfo()?.getRootDirectory() ?? request.getPwd();
  settings.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  const values = Object.fromEntries(request.getConfigMap().toArray() as [string, string][]);
  config.setAllConfig(values, request.getConfigsecretkeysList());
}

/**
 * Once the SDK failed to tell something, it tells nothing more, in later runs neither: each message waits for the one before
 * (`lastLog` in https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/log/index.ts). So what is about a resource that
 * never came to be is told without it,
 */
for (const severity of ["debug", "info", "warn", "error"] as const) {
  const tell = log[severity];
  log[severity] = async (message, resource, ...rest) => {
    const told = settings.rpcKeepAlive();
    const urn = resource?.urn as { promise(): Promise<string> } | undefined;
    const known = await urn?.promise().then(
      () => resource,
      () => undefined,
    );
    await tell(message, known, ...rest).finally(told);
  };
}

/** and what an engine that has gone is told is lost. */
const engineClient = EngineClient.prototype as unknown as { log(message: unknown, done: () => void): unknown };
const { log: tellEngine } = engineClient;
engineClient.log = function (message, done) {
  try {
    return tellEngine.call(this, message, done);
  } catch {
    return done();
  }
};

function load(program: string): unknown {
  const require = createRequire(join(program, sep));
  const entry = require.resolve(program);
  for (const file of Object.keys(require.cache)) {
    const compiled =
      file.startsWith(COMPILED + sep) && !KEPT.some((folder) => file.startsWith(folder)) && !file.includes("attached-");
    if (file === entry || compiled) delete require.cache[file];
  }
  return require(entry);
}
