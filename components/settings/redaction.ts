import { NOT_SHOWN, withoutCredentials } from "../grammars/credentials";
import { settingsJsonSchema } from "./json-schema";
import type { Problem } from "./problems";
import { valueAt } from "./property-path";
import { leaves, type ProvenanceOf } from "./secrets";

/** Shortest secret that is looked for in the words of other problems: a shorter one may be a word of theirs. */
const SHORTEST = 6;

/** Every text and number inside a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What of the settings is secret: where the schema says so, and what came encrypted, wherever it stands. */
function secretTexts(raw: Record<string, unknown>, provenance: ProvenanceOf | undefined): string[] {
  const found = new Set<string>();
  for (const { path, value, secret } of leaves(raw, settingsJsonSchema(), [])) {
    if (!secret && provenance?.(path, value) !== "secret") continue;
    for (const text of textsIn(value)) if (text.length >= SHORTEST) found.add(text);
  }
  // The longest first, so that none is left of one that holds another.
  return [...found].sort((a, b) => b.length - a.length);
}

/** What is known of the values beside what they are. */
export interface RedactionContext {
  /** How each came into the stack; as it should have when absent. */
  readonly provenance?: ProvenanceOf;
  /** Further texts that no message may quote. */
  readonly withheld?: readonly string[];
}

/**
 * Problems as they may be printed: without the settings' secrets, without encrypted values that stand where no secret is due,
 * and without what looks like a credential. Every problem passes here on its way to a person.
 */
export function redacted(
  problems: readonly Problem[],
  raw: Record<string, unknown>,
  { provenance, withheld = [] }: RedactionContext,
): Problem[] {
  const secrets = [...secretTexts(raw, provenance), ...withheld.filter(({ length }) => length >= SHORTEST)];
  const clean = (text: string): string =>
    withoutCredentials(
      secrets.reduce((rest, secret) => rest.replaceAll(secret, NOT_SHOWN).replaceAll(quoted(secret), NOT_SHOWN), text),
    );
  return problems.map((problem) => {
    const { allowed, given, wayOut, path } = problem;
    const value = valueAt(raw, path);
    const shown = provenance === undefined || value === undefined || provenance(path, value) === "plain";
    const quotes = (text: string) =>
      !shown &&
      textsIn(value).some((inner) => inner !== "" && [inner, quoted(inner)].some((form) => text.includes(form)));
    return {
      ...problem,
      path: path.map((step) => (typeof step === "string" ? clean(step) : step)),
      given: quotes(given) ? "a value that came encrypted, and is not shown" : clean(given),
      allowed: clean(allowed),
      wayOut: quotes(wayOut) ? "give another value, or take it out" : clean(wayOut),
    };
  });
}

/** A text as JSON has it, without the quotes around it. */
const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
