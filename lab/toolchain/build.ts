import { readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache";
import { type MachineTime, machineTime } from "../cpu-time";
import { goModuleFolder, type ProgramSet } from "../go-modules";
import { cacheRoot } from "../layout";
import { fetchPrebuilt, prebuiltPrograms } from "../prebuilt/prebuilt";
import type { RunOptions, Step } from "../steps";
import { atATime, compilerEnvironment, compilerFlags, linkerEnvironment } from "./compiler";
import { cuts } from "./cuts";
import { withHugePages } from "./huge-pages";
import { type Build, programs } from "./programs";
import { CompilationProgress, type GoPackage } from "./progress";
import { copyWithout, writeModFile } from "./sources";

const kindOf = (set: ProgramSet) => (set === "core" ? "programs" : `programs-${set}`);

const linkerFlags = ({ stamps = {} }: Build) =>
  `-ldflags=-s -w ${Object.entries(stamps)
    .map(([name, value]) => `-X ${name}=${value}`)
    .join(" ")}`;

/** The cuts of a build's Go module, as text. */
const cutsOf = ({ goModule }: Build): string =>
  JSON.stringify(cuts[goModule], (_, value: unknown) => (value instanceof RegExp ? String(value) : value));

function keyFor(set: ProgramSet): string {
  const build = programs[set];
  const sources = readdirSync(goModuleFolder(build.goModule), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return keyOf(
    ...compilerFlags,
    linkerFlags(build),
    JSON.stringify(build),
    cutsOf(build),
    ...sources.map((file) => readFileSync(file)),
  );
}

/**
 * The folder of programs that belong together, compiled or from their publishers, and whether it is there.
 * @param set which programs; default: Kubernetes and what is built with it
 */
export function builtPrograms(set: ProgramSet = "core"): { folder: string; present: boolean } {
  return prebuiltPrograms(set) ?? compiledPrograms(set);
}

/** The folder of programs that were compiled together, and whether it is there. */
export function compiledPrograms(set: ProgramSet): { folder: string; present: boolean } {
  const pinnedBy = keyFor(set);
  return { folder: cachePath(kindOf(set), pinnedBy), present: isCached(kindOf(set), pinnedBy) };
}

/** When the last link of this process began: until then both cores are to be busy. */
let lastLink: MachineTime | undefined;

/** What the machine had done when the last link of this process began, or undefined where nothing was built. */
export const whenLastLinkBegan = (): MachineTime | undefined => lastLink;

/** Ends when no compilation runs: two at once would compile what they share twice. Links run beside them. */
let compilations: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = compilations.then(work);
  compilations = turn.catch(() => {});
  return turn;
}

/**
 * Fetches programs from their publishers or compiles them, or finds them in the cache. Several sets may be asked for at
 * once: while one is linked, the next is compiled.
 * @returns the folder of the binaries
 */
export async function buildPrograms(step: Step, set: ProgramSet): Promise<string> {
  return (await fetchPrebuilt(step, set, compiledPrograms(set).present)) ?? compilePrograms(step, set);
}

function compilePrograms(step: Step, set: ProgramSet): Promise<string> {
  return cached(kindOf(set), keyFor(set), (folder) =>
    withHugePages(async () => {
      const build = programs[set];
      const go = await openModule(step, build);
      step.progress("downloading Go modules");
      const packages = await listPackages(go, build);
      step.progress("waiting for the compiler");
      await inTurn(() => compile(go, build, packages));
      step.progress("linking");
      lastLink = machineTime();
      const output = ["-o", `${folder}/`, ...build.packages];
      await go(["build", ...compilerFlags, linkerFlags(build), ...output], { env: linkerEnvironment });
      for (const [name, target] of Object.entries(build.links ?? {})) symlinkSync(target, join(folder, name));
    }),
  );
}

/** Runs the go command on a module, as it is after its cuts. */
type Go = ((args: readonly string[], options?: RunOptions) => Promise<string>) & { readonly step: Step };

async function openModule(step: Step, build: Build): Promise<Go> {
  const cwd = goModuleFolder(build.goModule);
  const run = (args: readonly string[], options: RunOptions = {}) =>
    step.run("go", args, { cwd, env: linkerEnvironment, ...options });
  const modFile = join(await cutSources(run, build), "go.mod");
  const go = ([verb = "", ...args]: readonly string[], options?: RunOptions) =>
    run([verb, "-modfile", modFile, ...args], options);
  return Object.assign(go, { step });
}

/** A folder with a go.mod in which modules that are cut are copies of their sources, beside it. */
function cutSources(run: (args: readonly string[]) => Promise<string>, build: Build): Promise<string> {
  const goModule = goModuleFolder(build.goModule);
  const kind = `sources-${build.goModule}`;
  // The go.mod has the folder's own place in it.
  const key = keyOf(
    cacheRoot,
    cutsOf(build),
    ...["go.mod", "go.sum"].map((name) => readFileSync(join(goModule, name))),
  );
  return cached(kind, key, async (draft) => {
    const ofModule = cuts[build.goModule];
    const copies: Record<string, string> = {};
    const modules = [...new Set(ofModule.map((cut) => cut.module))];
    await run(["mod", "download", ...modules]);
    const folders = await run(["list", "-m", "-f", "{{.Path}} {{.Dir}}", ...modules]);
    for (const line of folders.split("\n")) {
      const [module = "", source = ""] = line.split(" ");
      const ofThis = ofModule.filter((cut) => cut.module === module);
      copyWithout(ofThis, source, join(draft, module));
      copies[module] = join(cachePath(kind, key), module);
    }
    writeModFile(goModule, copies, draft);
  });
}

async function listPackages(go: Go, build: Build): Promise<GoPackage[]> {
  const format = '{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles "\t"}}';
  const list = await go(["list", "-deps", "-f", format, ...build.packages]);
  return list.split("\n").map((line) => {
    const [path = "", folder = "", ...files] = line.split("\t");
    const sizes = files.filter((name) => name !== "").map((name) => statSync(join(folder, name)).size);
    return { path, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  });
}

/** Compiles without linking: for `list -export` packages have to be compiled. The compiler's cache keeps them for the link. */
async function compile(go: Go, build: Build, packages: readonly GoPackage[]): Promise<void> {
  const progress = new CompilationProgress(packages, Date.now());
  let shown = 0;
  const tell = (path: string): void => {
    progress.compile(path);
    const now = Date.now();
    if (now - shown < progressMilliseconds) return;
    shown = now;
    go.step.progress(progress.line(now));
  };
  const list = ["list", "-export", "-deps", "-v", "-f", '{{""}}', atATime, ...compilerFlags, ...build.packages];
  await go(list, { env: compilerEnvironment, onErrorLine: tell });
}

const progressMilliseconds = 10_000;
