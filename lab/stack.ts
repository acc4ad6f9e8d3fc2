import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installGkeAuthPlugin } from "../stand-ins/gcp/gke-gcloud-auth-plugin";
import { installEngineCommand } from "./engine-command";
import { programSetsOf } from "./go-modules";
import { labRoot, paths, projectRoot } from "./layout";
import { chosenParts } from "./parts";
import { engineEnvironment, installPlugins } from "./plugins";
import {
  labStack,
  refreshStackSettings,
  seenSources,
  settingsSources,
  stackFileOf,
  stacksFolder,
} from "./stack-settings";
import { stateAddress } from "./state-address";
import type { Step } from "./steps";
import { builtPrograms } from "./toolchain/build";

export { labStack, stackFileOf } from "./stack-settings";

const projectName = "onprem-platform";

const pulumiHome = join(labRoot, "pulumi-home");
/** Stand-ins of programs that a person has on PATH, and the command that becomes the engine. */
const labPrograms = join(labRoot, "bin");
const stateFolder = join(labRoot, "state");
const passphraseFile = join(labRoot, "passphrase");

/** The folder of the Node.js that npm installed for this project, where this process runs on it. */
function installedNode(): readonly string[] {
  const folder = dirname(process.execPath);
  return folder.startsWith(join(projectRoot, "node_modules")) ? [folder] : [];
}

/** The environment in which plain `pulumi` and `kubectl` commands work on the lab's stack and cluster. */
export function labEnvironment(): Readonly<Record<string, string>> {
  const programFolders = chosenParts()
    .flatMap((part) => programSetsOf[part])
    .map((set) => builtPrograms(set).folder);
  return {
    ...engineEnvironment(pulumiHome),
    PATH: [...installedNode(), labPrograms, ...programFolders, process.env.PATH ?? ""].join(delimiter),
    KUBECONFIG: paths.kubeconfig,
    ONPREM_CLOUD_LEDGER: join(labRoot, "clouds"),
    ONPREM_LAB_KUBECONFIG: paths.kubeconfig,
    PULUMI_BACKEND_URL: stateAddress(stateFolder),
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_OPTION_CONFIG_FILE: stackFileOf(labStack),
    PULUMI_STACK: labStack,
  };
}

/** The provider plugins that the lab builds, for `installPlugins`. */
export const builtPlugins = () => ({ kubernetes: join(builtPrograms().folder, "pulumi-resource-kubernetes") });

/** The language host that came with the official engine; a compiled engine has none beside it. */
function officialLanguageHost(): string | undefined {
  const program = join(builtPrograms("engine").folder, "pulumi-language-nodejs");
  return existsSync(program) ? program : undefined;
}

/** Installs the plugins and makes the stack, once; brings its settings up to the checked-in file. */
export async function ensureStack(step: Step): Promise<void> {
  for (const folder of [pulumiHome, stateFolder, stacksFolder]) mkdirSync(folder, { recursive: true });
  copyFileSync(join(projectRoot, "Pulumi.yaml"), join(stacksFolder, "Pulumi.yaml"));
  installPlugins(pulumiHome, builtPlugins(), officialLanguageHost());
  installGkeAuthPlugin(labPrograms);
  installEngineCommand({
    folder: labPrograms,
    stackFile: stackFileOf(labStack),
    sources: settingsSources,
    seen: seenSources,
    refresh: ["env", `ONPREM_LAB_ROOT=${labRoot}`, process.execPath, join(__dirname, "refresh-settings.js")],
  });
  if (!existsSync(passphraseFile)) writeFileSync(passphraseFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  const own = refreshStackSettings();
  if (own.length > 0) step.progress(`set by pulumi config, not by Pulumi.${labStack}.yaml: ${own.join(", ")}`);
  await runPulumi(step, createStackCommand(labStack));
  if (staleLock()) {
    step.progress("releasing the stack: the run that held it was killed");
    await runPulumi(step, ["cancel", "--yes"]);
  }
}

/** Whether the stack is locked, and no engine that runs holds it. */
function staleLock(): boolean {
  const folder = join(stateFolder, ".pulumi", "locks", "organization", projectName, labStack);
  if (!existsSync(folder)) return false;
  const locks = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number },
  );
  return locks.length > 0 && locks.every(({ pid }) => !existsSync(`/proc/${pid}`));
}

/** The arguments with which the engine makes a stack of the lab, unless it is there. */
export function createStackCommand(stack: string): readonly string[] {
  return ["stack", "select", stack, "--create", "--cwd", stacksFolder];
}

/** Runs the engine on the lab's stack; progress lines are the engine's own. */
export function runPulumi(step: Step, args: readonly string[]): Promise<string> {
  return step.run("pulumi", [...args, "--non-interactive"], { cwd: projectRoot, env: labEnvironment() });
}

/** Brings the lab's stack up. */
export async function bringStackUp(step: Step): Promise<void> {
  await ensureStack(step);
  step.progress(`pulumi up --stack ${labStack}`);
  await runPulumi(step, ["up", "--yes", "--skip-preview", "--color", "never"]);
}

/** An output of the lab's stack. */
export async function stackOutputs(step: Step): Promise<Record<string, unknown>> {
  const text = await runPulumi(step, ["stack", "output", "--json", "--show-secrets"]);
  return JSON.parse(text) as Record<string, unknown>;
}
