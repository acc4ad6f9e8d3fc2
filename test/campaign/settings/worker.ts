/**
 * Program of a worker thread: loads settings as the program does, and makes of those that are taken what the engine, the
 * policies and the cluster would get. A thread of its own, since a hang can't be ended from within.
 */
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { CustomerPlatform } from "../../../components/platform/platform";
import { type Settings, SettingsError } from "../../../components/settings";
import { loadSettings } from "../../../components/settings/loader";
import type { ResourceFacts } from "../../../policy/definition";
import { evaluateResource, evaluateStack } from "../../../policy/evaluate";
import { manifestsOf, RELEASE_TYPE } from "../../../policy/manifests";
import { policies } from "../../../policy/policies";
import { PLATFORM_TYPE, runSettingsOf } from "../../../policy/run-settings";
import { guarded, plain } from "../../../policy/unknowns";
import { type Registration, runProgram } from "../../support/pulumi-mocks";
import { answer, compute, readReleaseFile } from "../../support/sample-platform";
import type { Mutated } from "./mutate";

/** What the worker is asked to do with settings. */
export interface Task extends Pick<Mutated, "clear" | "file" | "secretSections"> {
  /** How far to go with settings that are taken. */
  readonly depth: "load" | "policies" | "objects";
}

/** What came of it. */
export interface Outcome {
  readonly loaded: "taken" | "refused" | "crashed";
  /** The error's message, or its stack where it is none of ours. */
  readonly message: string;
  /** What the program said of settings that were taken: nothing, a refusal of its own, or a crash with its stack. */
  readonly program?: { readonly crashed: boolean; readonly message: string };
  /** Objects that the cluster would get. */
  readonly objects?: readonly object[];
}

const folder = mkdtempSync(join((workerData as { folder: string }).folder, "worker-"));
const stackFile = join(folder, "Pulumi.campaign.yaml");

/** A program that GKE's kubeconfig names has to be there; it is never run. */
function surroundings(): void {
  const plugin = join(folder, "gke-gcloud-auth-plugin");
  writeFileSync(plugin, "#!/bin/sh\n");
  chmodSync(plugin, 0o755);
  process.env.PATH = `${folder}:${process.env.PATH}`;
  process.env.PULUMI_OPTION_CONFIG_FILE = stackFile;
}

async function loaded({ clear, file, secretSections }: Task): Promise<Settings> {
  const inFile = Object.entries(file).map(([name, value]) => [`onprem:${name}`, value]);
  writeFileSync(stackFile, stringify({ config: Object.fromEntries(inFile) }));
  const entries = Object.entries(clear)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [`onprem:${name}`, typeof value === "string" ? value : JSON.stringify(value)]);
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ inputs }) => ({ id: "", state: inputs }),
  });
  pulumi.runtime.setAllConfig(
    Object.fromEntries(entries),
    secretSections.map((name) => `onprem:${name}`),
  );
  return loadSettings();
}

const isOurs = (error: unknown): boolean =>
  pulumi.RunError.isInstance(error as Error) || error instanceof SettingsError;
const textOf = (error: unknown): string =>
  isOurs(error) ? (error as Error).message : String((error as Error).stack ?? error);

async function work(task: Task): Promise<Outcome> {
  let settings: Settings;
  try {
    settings = await loaded(task);
  } catch (error) {
    return { loaded: error instanceof SettingsError ? "refused" : "crashed", message: textOf(error) };
  }
  if (task.depth === "load") return { loaded: "taken", message: "" };
  rejected = [];
  try {
    const registrations = await registered(settings);
    if (rejected.length > 0) throw rejected[0];
    const objects = task.depth === "objects" ? objectsOf(registrations) : [];
    judge(registrations);
    return { loaded: "taken", message: "", program: { crashed: false, message: "" }, objects };
  } catch (error) {
    const first = rejected.find(isOurs) ?? error;
    return { loaded: "taken", message: "", program: { crashed: !isOurs(first), message: textOf(first) } };
  }
}

async function registered(settings: Settings): Promise<readonly Registration[]> {
  const program = () => new CustomerPlatform(settings.customer, { settings, readReleaseFile });
  return (await runProgram(program, { compute, call: answer })).registrations;
}

const factsOf = ({ type, name, urn, inputs, protect, parent }: Registration): ResourceFacts => ({
  type,
  name,
  urn,
  props: guarded(inputs),
  protect,
  parent,
});

/** Every policy on every resource; what they find is theirs, but none may stumble. */
function judge(registrations: readonly Registration[]): void {
  const resources = registrations.map(factsOf);
  const platform = registrations.find(({ type }) => type === PLATFORM_TYPE);
  const settings = runSettingsOf(platform?.inputs ?? {});
  for (const policy of policies) {
    if (policy.looksAt === "stack") evaluateStack(policy, resources, settings);
    else for (const resource of resources) evaluateResource(policy, resource, settings);
  }
}

/** Objects of the cluster, those of our chart too; not the definitions, of which the tests' platform has stand-ins. */
function objectsOf(registrations: readonly Registration[]): object[] {
  return registrations
    .filter(({ type }) => type === RELEASE_TYPE || /^kubernetes:(?!helm\.sh|yaml|kustomize)/.test(type))
    .filter(({ type }) => !/(Patch|List|:CustomResourceDefinition)$/.test(type))
    .flatMap((registration) => manifestsOf(factsOf(registration)))
    .map(({ apiVersion, kind, object }) => ({ apiVersion, kind, ...(plain(object) as object) }));
}

/** What outputs were rejected with that nobody waits for; the engine's language host ends the program with it. */
let rejected: unknown[] = [];
process.on("unhandledRejection", (reason) => rejected.push(reason));

surroundings();
parentPort?.on("message", (task: Task) => {
  work(task).then((outcome) => parentPort?.postMessage(JSON.parse(JSON.stringify(outcome))));
});
parentPort?.postMessage("ready");
