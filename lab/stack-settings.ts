import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Document, parseDocument } from "yaml";
import { LabError } from "./errors";
import { labRoot, paths, projectRoot } from "./layout";
import { chosenParts, partNames } from "./parts";

/** The stack that runs in the lab. */
export const labStack = "dev";

/**
 * A copy of Pulumi.yaml, beside which the engine keeps the settings files of the lab's stacks. So the checked-in files stay
 * as they are: a stack whose secrets are encrypted with a passphrase has the salt written into its settings file.
 */
export const stacksFolder = join(labRoot, "stacks");

/** The settings file of a stack in the lab. */
export const stackFileOf = (stack: string): string => join(stacksFolder, `Pulumi.${stack}.yaml`);

/** The files that the lab's settings come from, in this order; the last is not there before a part was chosen. */
export const settingsSources = [
  join(projectRoot, `Pulumi.${labStack}.yaml`),
  join(projectRoot, "lab", "every-part.yaml"),
  paths.parts,
] as const;

/** The text of all of {@link settingsSources}, one after the other, that the engine's copy was made from. */
export const seenSources = join(stacksFolder, `${labStack}.seen`);

/** The settings that were made from them, before the engine's commands changed any. */
const lastSettings = join(stacksFolder, `${labStack}.last.json`);

type Settings = Record<string, unknown>;

/**
 * Brings the engine's copy of the stack's settings up to the checked-in files. What the engine wrote into the copy stays
 * (`pulumi config set`, the salt of the passphrase), but for a setting that was changed in a checked-in file since: what
 * was changed last counts.
 * @returns the sections, such as `onprem:parse`, that commands of the engine made differ from the checked-in ones
 * @throws LabError `unexpected-content` when a settings file is no YAML
 */
export function refreshStackSettings(): string[] {
  mkdirSync(stacksFolder, { recursive: true });
  const seen = settingsSources.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : "")).join("");
  const stackFile = stackFileOf(labStack);
  const settings = checkedInSettings();
  const wanted = configOf(settings);
  const copy = existsSync(stackFile) ? readYaml(stackFile) : undefined;
  const config = copy ? configOf(copy) : wanted;
  const last = existsSync(lastSettings) ? (JSON.parse(readFileSync(lastSettings, "utf8")) as Settings) : config;
  const merged = mergeSettings(last, config, wanted) as Settings;
  const own = Object.keys({ ...wanted, ...merged }).filter((name) => !isDeepStrictEqual(merged[name], wanted[name]));
  if (own.length > 0) settings.set("config", settings.createNode(merged));
  for (const [name, value] of Object.entries((copy?.toJS() ?? {}) as Settings))
    if (name !== "config") settings.set(name, value);
  // Quoted what is new: the engine's YAML takes a bare day for a time.
  replace(stackFile, settings.toString({ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" }));
  replace(lastSettings, JSON.stringify(wanted));
  replace(seenSources, seen);
  return own;
}

/**
 * Three states of settings made one: what differs between the last and the checked-in ones is taken from the checked-in
 * ones, all else from the copy. Pure.
 * @param last the checked-in settings that the copy was made from
 * @param copy what commands made of them since
 * @param checkedIn the settings as they are now
 */
export function mergeSettings(last: unknown, copy: unknown, checkedIn: unknown): unknown {
  if (isDeepStrictEqual(last, checkedIn)) return copy;
  if (!isGroup(last) || !isGroup(copy) || !isGroup(checkedIn)) return checkedIn;
  const names = new Set([...Object.keys(checkedIn), ...Object.keys(copy)]);
  return Object.fromEntries(
    [...names]
      .map((name) => [name, mergeSettings(last[name], copy[name], checkedIn[name])] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** Whether a value has settings in it; one that is encrypted is a value. */
function isGroup(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("secure" in value);
}

/** The stack's checked-in settings, with those of the parts that the lab has. */
function checkedInSettings(): Document {
  const [stackFile, partsFile] = settingsSources;
  const settings = readYaml(stackFile);
  const left = partNames.filter((name) => !chosenParts().includes(name)).map((name) => `onprem:${name}`);
  if (chosenParts().length > 1)
    for (const [section, value] of Object.entries(configOf(readYaml(partsFile))))
      if (!left.includes(section)) settings.setIn(["config", section], settings.createNode(value));
  const config = configOf(settings);
  const placed = inLabRoot(config);
  if (!isDeepStrictEqual(placed, config)) settings.set("config", settings.createNode(placed));
  return settings;
}

/** The checked-in files name places in the lab's folder as if it were where it is by default. */
function inLabRoot(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith(".lab/") ? placeInLab(value.slice(".lab/".length)) : value;
  if (Array.isArray(value)) return value.map(inLabRoot);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inLabRoot(inner)]));
}

const placeInLab = (path: string): string =>
  labRoot === join(projectRoot, ".lab") ? `.lab/${path}` : join(labRoot, path);

function readYaml(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error)
    throw new LabError("unexpected-content", `${file} is no YAML: ${error.message.split("\n")[0]} Fix the file.`);
  return document;
}

const configOf = (settings: Document): Settings => (settings.toJS() as { config?: Settings } | null)?.config ?? {};

/** Nobody finds half a file. */
function replace(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  const draft = `${file}.draft-${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
