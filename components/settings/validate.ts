import { checks } from "./checks";
import type { CheckContext } from "./checks/check";
import { type CompleteSettings, withDerivedDefaults } from "./derived";
import { type Problem, problemsOf, SettingsError, unknownSection } from "./problems";
import { touches, valueAt, without } from "./property-path";
import { redacted } from "./redaction";
import { type OpenSettings, type SectionName, settingsSchema } from "./schema";
import { type ProvenanceOf, type Sealed, seal, secrecyProblems } from "./secrets";

/** A stack's settings: checked, with every default filled in, and secrets as secret outputs. */
export type Settings = Sealed<CompleteSettings>;

/** What checking the settings needs to know of the world. */
export interface SettingsContext {
  /** Name of the stack, for messages. */
  stack?: string;
  /** The present, for certificates that expire; now when absent. */
  now?: Date;
  /** Whether a file exists, by its path relative to the project; every file does when absent. */
  fileExists?: (path: string) => boolean;
  /** How each value came into the stack; as it should have when absent. */
  provenance?: ProvenanceOf;
  /** Texts that no message may quote, besides the secrets; none when absent. */
  withheld?: readonly string[];
  /** Problems that were found on the way here, to be listed first. */
  problems?: readonly Problem[];
}

/**
 * Checks settings and fills in defaults. Pure: reads nothing but its arguments.
 * @param raw the sections by name, as plain data, secrets decrypted
 * @throws SettingsError that lists every problem
 */
export function parseSettings(raw: Record<string, unknown>, context: SettingsContext = {}): Settings {
  const known = Object.keys(settingsSchema.shape) as SectionName[];
  const problems: Problem[] = [...(context.problems ?? [])];
  for (const name of Object.keys(raw)) {
    if (!(known as string[]).includes(name)) problems.push(unknownSection(name, known));
  }
  const sections: Record<string, unknown> = {};
  for (const name of known) {
    if (problems.some((problem) => problem.path.length === 1 && problem.path[0] === name)) continue;
    const result = parseSection(name, raw);
    problems.push(...result.problems);
    if (result.value !== undefined) sections[name] = result.value;
  }
  if (context.provenance) problems.push(...secrecyProblems(raw, context.provenance));
  problems.push(...crossChecks(sections as Partial<OpenSettings>, context, problems));
  if (problems.length > 0) throw new SettingsError(redacted(problems, raw, context), context.stack);
  return seal(withDerivedDefaults(sections as OpenSettings));
}

/** One section; where it is wrong, its value is what remains when the wrong parts are left out, if that holds. */
function parseSection(name: SectionName, raw: Record<string, unknown>): { value?: unknown; problems: Problem[] } {
  const schema = settingsSchema.shape[name];
  const result = schema.safeParse(raw[name]);
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf({ ...issue, path: [name, ...issue.path] }, raw));
  return { value: remainderOf(name, raw), problems };
}

/** Rounds in which wrong parts are left out before a section is given up; as deep as the settings go. */
const ROUNDS = 6;

function remainderOf(name: SectionName, raw: Record<string, unknown>): unknown {
  let rest = raw;
  for (let round = 0; round < ROUNDS; round++) {
    const result = settingsSchema.shape[name].safeParse(rest[name]);
    if (result.success) return result.data;
    const wrong = result.error.issues.flatMap((issue) => problemsOf({ ...issue, path: [name, ...issue.path] }, rest));
    // What is missing cannot be left out: then what lacks it goes.
    const paths = wrong.map(({ path }) => (valueAt(rest, path) === undefined ? path.slice(0, -1) : path));
    rest = without(rest, paths) as Record<string, unknown>;
  }
  return undefined;
}

function crossChecks(sections: Partial<OpenSettings>, context: SettingsContext, found: readonly Problem[]): Problem[] {
  const world: CheckContext = { now: context.now ?? new Date(), fileExists: context.fileExists ?? (() => true) };
  return checks
    .flatMap((check) => check(sections, world))
    .filter((problem) => {
      const rests = [problem.path, ...(problem.involves ?? [])];
      return !found.some((earlier) => rests.some((path) => touches(path, earlier.path)));
    });
}
