import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { allowedBy, branchOf, type JsonSchema, schemaAt } from "./json-schema";
import { nearest } from "./nearest";
import { formatPath, type PropertyPath, valueAt } from "./property-path";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Where it is. */
  path: PropertyPath;
  /** What was given, in words; never a secret. */
  given: string;
  /** What is allowed. */
  allowed: string;
  /** What to do about it, a command where there is one. */
  wayOut: string;
  /** Other settings that the finding rests on; it is left out while one of them is wrong itself. */
  involves?: readonly PropertyPath[];
}

/** The settings of a stack are wrong. The engine prints the message alone, without a stack trace. */
export class SettingsError extends pulumi.RunError {
  /** Stable name of the error. */
  readonly code = "SETTINGS_INVALID";
  override readonly name = "SettingsError";

  /**
   * @param problems everything that is wrong, at least one
   * @param stack name of the stack, for the message
   */
  constructor(
    readonly problems: readonly Problem[],
    stack?: string,
  ) {
    super(formatProblems(problems, stack));
  }
}

/** The whole message. */
export function formatProblems(problems: readonly Problem[], stack?: string): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const of = stack ? ` of stack ${stack}` : "";
  const items = problems.map((problem, index) =>
    [
      `${index + 1}. ${formatPath(problem.path)}`,
      `   given:   ${problem.given}`,
      `   allowed: ${problem.allowed}`,
      `   way out: ${problem.wayOut}`,
    ].join("\n"),
  );
  return `The settings${of} have ${count}; nothing was created.\n\n${items.join("\n\n")}\n\nEvery setting is described in docs/settings.md.`;
}

/** A value in words, without anything that may be a secret. */
export function inWords(value: unknown, node?: JsonSchema): string {
  if (value === undefined || value === null) return "nothing";
  if (node?.secret) return "a value that is not shown";
  if (Array.isArray(value)) return value.length === 1 ? "a list of 1" : `a list of ${value.length}`;
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return `${value} (a ${typeof value})`;
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(value)?.[1];
  if (label) return `a PEM ${label}`;
  // Anything long, or an address with a password in it, may be a secret that was put in the wrong place.
  if (value.length > 80 || /:\/\/[^/\s]*:[^/\s]*@/.test(value)) return `${value.length} characters that are not shown`;
  return JSON.stringify(value);
}

/** The command that sets a setting right, or where to read on. */
export function howToSet(path: PropertyPath, node: JsonSchema | undefined): string {
  const key = formatPath(path);
  if (node?.secret) return `pulumi config set --secret --path '${key}' (it asks for the value)`;
  const example = node?.example ?? node?.default ?? node?.enum?.[0];
  const scalar = typeof example === "string" || typeof example === "number" || typeof example === "boolean";
  // The command line turns digits into a number, whatever the setting is.
  if (!scalar || (node?.type === "string" && /^[0-9]*$/.test(String(example))))
    return `edit ${key} in the stack's file; see docs/settings.md#${path[0]}`;
  const plain = /^[\w./:-]+$/.test(String(example)) ? String(example) : `'${example}'`;
  return `pulumi config set --path '${key}' ${plain}`;
}

/** What zod found, as problems of ours. */
export function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const value = valueAt(raw, path);
  const node = schemaAt(raw, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], valueAt(raw, [...path, key]), node, valueAt(raw, path)));
  if (issue.code === "invalid_key") {
    return [
      {
        path,
        given: `the name ${inWords(path.at(-1))}`,
        allowed: "a name of the right form",
        wayOut: `rename it; see docs/settings.md#${path[0]}`,
      },
    ];
  }
  return [
    {
      path,
      given: [inWords(value, node), ...reasonOf(issue)].join(": "),
      allowed: node ? allowedBy(node) : issue.message,
      wayOut: setRight(path, value, node),
    },
  ];
}

/** Why the program that reads a text refuses it, where the setting has that program's grammar. */
function reasonOf(issue: z.core.$ZodIssue): string[] {
  const reason: unknown = issue.code === "custom" ? issue.params?.refusal : undefined;
  return typeof reason === "string" ? [reason] : [];
}

function setRight(path: PropertyPath, value: unknown, node: JsonSchema | undefined): string {
  const quoted = (typeof value === "number" || typeof value === "boolean") && node?.type === "string" && !node.secret;
  return quoted ? `put it in quotes in the stack's file: ${path.at(-1)}: "${value}"` : howToSet(path, node);
}

function unknownKey(path: PropertyPath, value: unknown, parent: JsonSchema | undefined, parentValue: unknown): Problem {
  const known = Object.keys((parent && branchOf(parent, parentValue).properties) ?? {});
  const near = nearest(String(path.at(-1)), known);
  const kind = typeof value === "object" ? inWords(value) : "a value";
  return {
    path,
    given: `an unknown key with ${kind}`,
    allowed: known.join(", "),
    wayOut: near ? `did you mean ${formatPath([...path.slice(0, -1), near])}? Rename it or take it out` : "take it out",
  };
}

/** An unknown section, or one in the wrong namespace. */
export function unknownSection(name: string, known: readonly string[]): Problem {
  const near = nearest(name, known);
  return {
    path: [name],
    given: "an unknown section",
    allowed: known.join(", "),
    wayOut: near
      ? `did you mean ${formatPath([near])}? Rename it or take it out`
      : `pulumi config rm '${formatPath([name])}'`,
  };
}
