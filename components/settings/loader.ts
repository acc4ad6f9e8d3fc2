import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { editDistance } from "./nearest";
import { inWords, type Problem } from "./problems";
import { retiredSettings } from "./retired";
import { NAMESPACE, settingsSchema } from "./schema";
import { provenanceFrom } from "./stack-file";
import { parseSettings, type Settings } from "./validate";
import { formatWarning, warningsOf } from "./warnings";

/**
 * Reads and checks the settings of the stack that is running.
 * What is taken, but should be known of, is a warning of the engine's.
 * @throws SettingsError that lists every problem; the engine prints it without a stack trace and nothing is created
 */
export function loadSettings(): Settings {
  const root = pulumi.getRootDirectory();
  const stack = pulumi.getStack();
  const { raw, problems, withheld } = decodeConfig(pulumi.runtime.allConfig(), pulumi.getProject());
  const settings = parseSettings(raw, {
    stack,
    problems,
    withheld,
    fileExists: (path) => existsSync(resolve(root, path)),
    provenance: provenanceFrom(readStackFile(root, stack), sectionIsSecret),
  });
  for (const warning of warningsOf(settings)) void pulumi.log.warn(formatWarning(warning));
  for (const sentence of retiredSettings(settings)) void pulumi.log.warn(sentence);
  return settings;
}

/** The engine's word on a section, under the current and the long form of its key. The SDK leaves this function out of its typings. */
function sectionIsSecret(section: string): boolean {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return isConfigSecret(`${NAMESPACE}:${section}`) || isConfigSecret(`${NAMESPACE}:config:${section}`);
}

function readStackFile(root: string, stack: string): string | undefined {
  const given = process.env.PULUMI_OPTION_CONFIG_FILE;
  const candidates = given
    ? [resolve(given)]
    : [resolve(root, `Pulumi.${stack}.yaml`), resolve(root, `Pulumi.${stack}.yml`)];
  const path = candidates.find((candidate) => existsSync(candidate));
  return path && readFileSync(path, "utf8");
}

/**
 * Sections out of a stack's configuration as the engine hands it over: keys `namespace:name`, values as text, mappings as JSON.
 * What is no section, and may be a secret in the wrong place, is withheld: no message may quote it.
 * @param config the configuration
 * @param project name of the project, whose namespace `pulumi config set` uses when none is given
 */
export function decodeConfig(
  config: Record<string, string>,
  project: string,
): { raw: Record<string, unknown>; problems: Problem[]; withheld: string[] } {
  const raw: Record<string, unknown> = {};
  const problems: Problem[] = [];
  const withheld: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    const colon = key.indexOf(":");
    const namespace = key.slice(0, colon);
    const name = key.slice(colon + 1);
    if (namespace === NAMESPACE) {
      const decoded = decodeSection(name, value);
      if ("problem" in decoded) {
        problems.push(decoded.problem);
        withheld.push(value);
      } else raw[name] = decoded.value;
    } else if (
      Object.hasOwn(settingsSchema.shape, name) &&
      (namespace === project || editDistance(namespace, NAMESPACE) <= 2)
    ) {
      problems.push({
        path: [name],
        given: `in the namespace ${namespace}, as ${key}`,
        allowed: `${NAMESPACE}:${name}`,
        wayOut: `rename ${key} to ${NAMESPACE}:${name} in the stack's file`,
      });
    }
  }
  return { raw, problems, withheld };
}

function decodeSection(name: string, value: string): { value: unknown } | { problem: Problem } {
  if (name === "customer") return { value };
  if (!Object.hasOwn(settingsSchema.shape, name)) return { value };
  try {
    const decoded: unknown = JSON.parse(value);
    if (typeof decoded === "object") return { value: decoded };
  } catch {
    // Falls through: text where a mapping is due.
  }
  return {
    problem: {
      path: [name],
      given: `${inWords(value, { secret: true })}: text, not a mapping`,
      allowed: "a mapping",
      wayOut: `pulumi config rm '${NAMESPACE}:${name}', then set what lies below it; see docs/settings.md#${name}`,
    },
  };
}
