import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Document, parse, parseDocument } from "yaml";
import { installGkeAuthPlugin } from "./clouds/gcp/gke-gcloud-auth-plugin.js";
import { labRoot, paths, projectRoot } from "./layout.js";
import { chosenParts, partNames } from "./parts.js";
import { engineEnvironment, installPlugins } from "./plugins/install.js";
import { stateAddress } from "./state-address.js";
import type { Step } from "./steps.js";
import { builtPrograms } from "./toolchain/build.js";

const projectName = "onprem-platform";

/** The stack that runs in the lab. */
export const labStack = "dev";

const pulumiHome = join(labRoot, "pulumi-home");
/** Stand-ins of programs that a person has on PATH. */
const standInPrograms = join(labRoot, "bin");
const stateFolder = join(labRoot, "state");
const passphraseFile = join(labRoot, "passphrase");

/**
 * A copy of Pulumi.yaml, beside which the engine keeps the settings files of the lab's stacks. So the checked-in files stay
 * as they are: a stack whose secrets are encrypted with a passphrase has the salt written into its settings file.
 */
const stacksFolder = join(labRoot, "stacks");

/** The settings file of a stack in the lab. */
export const stackFileOf = (stack: string): string => join(stacksFolder, `Pulumi.${stack}.yaml`);

/** The environment in which plain `pulumi` and `kubectl` commands work on the lab's stack and cluster. */
export function labEnvironment(): Readonly<Record<string, string>> {
  return {
    ...engineEnvironment(pulumiHome),
    PATH: [...chosenParts().map((part) => builtPrograms(part).folder), standInPrograms, process.env.PATH ?? ""].join(
      delimiter,
    ),
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
  const program = join(builtPrograms().folder, "pulumi-language-nodejs");
  return existsSync(program) ? program : undefined;
}

/** Installs the plugins and makes the stack, once; brings its settings up to the checked-in file. */
export async function ensureStack(step: Step): Promise<void> {
  for (const folder of [pulumiHome, stateFolder, stacksFolder]) mkdirSync(folder, { recursive: true });
  copyFileSync(join(projectRoot, "Pulumi.yaml"), join(stacksFolder, "Pulumi.yaml"));
  installPlugins(pulumiHome, builtPlugins(), officialLanguageHost());
  installGkeAuthPlugin(standInPrograms);
  if (!existsSync(passphraseFile)) writeFileSync(passphraseFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  refreshStackFile();
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

function refreshStackFile(): void {
  const stackFile = stackFileOf(labStack);
  const settings = parseDocument(readFileSync(join(projectRoot, `Pulumi.${labStack}.yaml`), "utf8"));
  const left = partNames.filter((name) => !chosenParts().includes(name)).map((name) => `onprem:${name}`);
  if (chosenParts().length > 1) addSections(settings, join(projectRoot, "lab", "every-part.yaml"), left);
  if (existsSync(stackFile)) {
    const salt: unknown = parseDocument(readFileSync(stackFile, "utf8")).get("encryptionsalt");
    if (salt !== undefined) settings.set("encryptionsalt", salt);
  }
  const text = settings.toString();
  if (!existsSync(stackFile) || readFileSync(stackFile, "utf8") !== text) writeFileSync(stackFile, text);
}

/** Puts the sections of a settings file, save those that are left out, into another in place of those of the same name. */
function addSections(settings: Document, file: string, left: readonly string[]): void {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  for (const [section, value] of Object.entries(config))
    if (!left.includes(section)) settings.setIn(["config", section], settings.createNode(value));
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
