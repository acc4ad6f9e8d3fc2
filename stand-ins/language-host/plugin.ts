/**
 * The language host that lets the plain `pulumi` command run Node.js programs and policy packs. It stands in for the
 * official `pulumi-language-nodejs` and serves what the engine asks for while it previews, updates and destroys.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/pulumi/package.json";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { servePlugin, unary } from "../plugin/plugin-server";

/** The exit code with which the SDK says that it already told the user what went wrong (`cmd/run/run.ts` of the SDK). */
const ERROR_ALREADY_SHOWN = 32;

/** The programs that this host started and that still run. */
const children = new Set<ChildProcess>();

/** Whether the engine asked this host to stop: a program that ends after that did not fail. */
let cancelled = false;

function stopChildren(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal);
}

/** What `runtime.options` in Pulumi.yaml says about node. */
interface RuntimeOptions {
  /** Arguments for node itself, separated by spaces. Default: none. */
  nodeargs?: string;
  /** Whether the SDK compiles TypeScript on the fly. Default: true, as in the official host. */
  typescript?: boolean;
}

/** Changes to the SDK that make programs and policy packs start faster and take less memory; each file says what it does. */
const PRELOADS = ["late-modules.js", "light-promises.js", "linear-structs.js"];

/**
 * `always` starts programs and policy packs with {@link PRELOADS}. Only tests and the benchmark set it. Without it, programs
 * are started as the official language host starts them.
 */
export const PRELOADS_VARIABLE = "ONPREM_LAB_PRELOADS";

/** What node is told to load before a program. */
export function preloadArguments(environment: NodeJS.ProcessEnv): string[] {
  const preloads = environment[PRELOADS_VARIABLE] === "always" ? PRELOADS : [];
  return preloads.flatMap((name) => ["--require", join(__dirname, name)]);
}

/** Starts `node` with a script of the SDK that the program itself uses, so that both speak the same protocol. */
function startNode(
  script: string,
  args: string[],
  start: { cwd: string; env: NodeJS.ProcessEnv; info?: messages.ProgramInfo },
) {
  const { nodeargs = "", typescript = true } = (start.info?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions;
  const required = preloadArguments(process.env);
  const child = spawn(process.execPath, [...required, ...nodeargs.split(" ").filter(Boolean), script, ...args], {
    cwd: start.cwd,
    env: { ...start.env, PULUMI_NODEJS_TYPESCRIPT: String(typescript) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** Finds a script of `@pulumi/pulumi` as a file in `folder` would: in its `node_modules` or in a parent's. */
export function sdkScript(folder: string, name: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${folder}: run "npm install" there`);
  }
}

/** The environment variables through which the SDK reads the stack's configuration. */
export function configurationEnvironment(request: messages.RunRequest): NodeJS.ProcessEnv {
  const entries = request.getConfigMap().toArray() as [string, string][];
  // The SDK reads `namespace:config:name`, the long form of the key that the engine sends as `namespace:name`.
  const values = entries.map(([key, value]) => [key.replace(":", ":config:"), value]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** The arguments of the SDK's script that runs a program. */
export function programArguments(request: messages.RunRequest, engine: string): string[] {
  const info = request.getInfo();
  return [
    ...["--monitor", request.getMonitorAddress(), "--engine", engine],
    ...["--organization", request.getOrganization(), "--project", request.getProject(), "--stack", request.getStack()],
    ...["--root-directory", info?.getRootDirectory() ?? request.getPwd(), "--pwd", request.getPwd()],
    ...["--parallel", String(request.getParallel())],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

function run(request: messages.RunRequest, engine: string): Promise<messages.RunResponse> {
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const env = { ...process.env, ...configurationEnvironment(request) };
  const child = startNode(sdkScript(folder, "run"), programArguments(request, engine), {
    cwd: request.getPwd() || folder,
    env,
    info: request.getInfo(),
  });
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  return new Promise((done, fail) => {
    child.once("error", (error) => fail(new Error(`could not start the program in ${folder}: ${error.message}`)));
    child.once("close", (code, signal) => done(runResponse(code, signal)));
  });
}

/** What the engine is told about a program's end. */
export function runResponse(code: number | null, signal: NodeJS.Signals | null): messages.RunResponse {
  const response = new messages.RunResponse();
  if (code === 0) return response;
  if (code === ERROR_ALREADY_SHOWN || cancelled) return response.setBail(true);
  return response.setError(signal ? `the program was stopped by ${signal}` : `the program exited with code ${code}`);
}

/** The SDK's script that serves a plugin written in TypeScript, by the plugin's kind. */
const PLUGIN_SCRIPTS: { readonly [kind: string]: string } = {
  analyzer: "run-policy-pack",
  resource: "run-plugin",
};

/** Runs a policy pack or a provider that comes as a folder, and passes its output on: the first line is its port. */
function runPlugin(call: grpc.ServerWritableStream<messages.RunPluginRequest, messages.RunPluginResponse>): void {
  const request = call.request;
  const fail = (error: Error): void => void call.emit("error", { code: 2, details: error.message });
  try {
    const folder = resolve(request.getPwd(), request.getInfo()?.getProgramDirectory() ?? ".");
    const kind = request.getKind() || "analyzer";
    const script = PLUGIN_SCRIPTS[kind];
    if (!script) throw new Error(`this language host runs no plugins of the kind "${kind}"`);
    const env = Object.fromEntries(request.getEnvList().map(splitAtEqualsSign));
    // A policy pack reads its version from the package.json in the working directory.
    const cwd = kind === "analyzer" ? folder : request.getPwd();
    const args = [...request.getArgsList(), folder];
    const child = startNode(sdkScript(folder, script), args, { cwd, env, info: request.getInfo() });
    child.stdout.on("data", (data: Buffer) => call.write(new messages.RunPluginResponse().setStdout(data)));
    child.stderr.on("data", (data: Buffer) => call.write(new messages.RunPluginResponse().setStderr(data)));
    child.once("error", fail);
    child.once("close", (code) => {
      call.write(new messages.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
    call.once("cancelled", () => child.kill());
  } catch (error) {
    fail(error as Error);
  }
}

function splitAtEqualsSign(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

/** Reads the packages that the program's package.json names, for `pulumi about`. */
export function programDependencies(folder: string): messages.DependencyInfo[] {
  const manifest = nearestManifest(folder);
  if (!manifest) return [];
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(manifest, "utf8")) as {
    dependencies?: { [name: string]: string };
    devDependencies?: { [name: string]: string };
  };
  return Object.entries({ ...devDependencies, ...dependencies }).map(([name, wanted]) =>
    new messages.DependencyInfo().setName(name).setVersion(wanted),
  );
}

function nearestManifest(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const manifest = join(at, "package.json");
    try {
      readFileSync(manifest);
      return manifest;
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

function installDependencies(
  call: grpc.ServerWritableStream<messages.InstallDependenciesRequest, messages.InstallDependenciesResponse>,
): void {
  call.emit("error", {
    code: 12,
    details: 'this language host installs nothing: run "npm install" in the program\'s folder',
  });
}

/**
 * The language host's gRPC methods.
 * @param engine the engine's address, unless its handshake says another
 * @param runProgram how a program is run; the default starts a process
 */
export function languageService(engine: string, runProgram = run): grpc.UntypedServiceImplementation {
  let engineAddress = engine;
  return {
    handshake: unary((request: messages.LanguageHandshakeRequest) => {
      engineAddress = request.getEngineAddress() || engineAddress;
      return new messages.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    // The engine learns the plugins and their versions from the resources that the program registers.
    getRequiredPackages: unary(() => new messages.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new messages.GetRequiredPluginsResponse()),
    run: unary((request: messages.RunRequest) => runProgram(request, engineAddress)),
    runPlugin,
    about: unary(() => new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    getProgramDependencies: unary((request: messages.GetProgramDependenciesRequest) => {
      const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
      return new messages.GetProgramDependenciesResponse().setDependenciesList(programDependencies(folder));
    }),
    installDependencies,
    runtimeOptionsPrompts: unary(() => new messages.RuntimeOptionsResponse()),
    cancel: unary(() => {
      cancelled = true;
      stopChildren("SIGINT");
      return new Empty();
    }),
  };
}

if (require.main === module) {
  const engine =
    process.argv
      .slice(2)
      .filter((argument) => !argument.startsWith("-"))
      .at(-1) ?? "";
  void servePlugin(LanguageRuntimeService, languageService(engine), () => stopChildren("SIGKILL"));
}
