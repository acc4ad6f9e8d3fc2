import * as pulumi from "@pulumi/pulumi";
import type { SecretText } from "./fields";
import { branchOf, child, type JsonSchema, settingsJsonSchema } from "./json-schema";
import type { Problem } from "./problems";
import { formatPath, type PropertyPath } from "./property-path";

/**
 * A type with its secret texts sealed as secret outputs. No key is optional: where a component takes a setting that was
 * renamed in the schema, the type check fails, whether or not a stack has to give it.
 */
export type Sealed<T> = T extends SecretText
  ? pulumi.Output<string>
  : T extends readonly (infer Item)[]
    ? Sealed<Item>[]
    : T extends object
      ? { [Key in keyof Required<T>]: Sealed<T[Key]> }
      : T;

/** How a value came into the stack: encrypted, in clear, or not to be told. */
export type Provenance = "secret" | "plain" | "unknown";

/** Says how the value at a path came into the stack. */
export type ProvenanceOf = (path: PropertyPath, value: unknown) => Provenance;

/** A single value of the settings as given. */
export interface Leaf {
  path: PropertyPath;
  value: unknown;
  secret: boolean;
}

/** Every single value of the settings as given, with the schema's word on whether it is a secret. */
export function* leaves(value: unknown, node: JsonSchema | undefined, path: PropertyPath): Generator<Leaf> {
  if (node?.secret || typeof value !== "object" || value === null) {
    if (value !== undefined && value !== null) yield { path, value, secret: node?.secret === true };
    return;
  }
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  for (const [step, inner] of entries) yield* leaves(inner, node && child(node, value, step), [...path, step]);
}

/** Secrets given in clear, and encrypted values where the program would show them. */
export function secrecyProblems(raw: Record<string, unknown>, provenance: ProvenanceOf): Problem[] {
  const problems: Problem[] = [];
  for (const { path, value, secret } of leaves(raw, settingsJsonSchema(), [])) {
    const origin = provenance(path, value);
    if (secret && origin === "plain") {
      problems.push({
        path,
        given: "a secret in clear, which is not shown",
        allowed: "a Pulumi secret",
        wayOut: `pulumi config set --secret --path '${formatPath(path)}' (it asks for the value); if the file was ever committed, change the secret itself too`,
      });
    }
    if (!secret && origin === "secret") {
      problems.push({
        path,
        given: "an encrypted value, which is not shown",
        allowed: "a value in clear: this setting is no secret and would be shown in previews",
        wayOut: `pulumi config set --plaintext --path '${formatPath(path)}' VALUE, or take it out`,
      });
    }
  }
  return problems;
}

/** Wraps each secret of checked settings in a secret output. */
export function seal<T>(settings: T): Sealed<T> {
  return sealNode(settings, settingsJsonSchema()) as Sealed<T>;
}

function sealNode(value: unknown, node: JsonSchema | undefined): unknown {
  if (value === undefined || value === null || !node) return value;
  if (node.secret) return pulumi.secret(value);
  if (Array.isArray(value)) return value.map((item) => sealNode(item, branchOf(node, value).items));
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, sealNode(inner, child(node, value, key))]));
}
