import { z } from "zod";
import type { PropertyPath } from "./property-path";
import { NAMESPACE, settingsSchema } from "./schema";

/** The part of JSON Schema that zod writes for the settings, with our metadata (see `fields.ts`). */
export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  minItems?: number;
  pattern?: string;
  allowed?: string;
  example?: string | number | boolean;
  secret?: boolean;
  [keyword: string]: unknown;
}

let cached: JsonSchema | undefined;

/** JSON Schema of the settings as they are written, before defaults. */
export function settingsJsonSchema(): JsonSchema {
  cached ??= z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema;
  return cached;
}

/** The branch of a discriminated union that a value belongs to; the node itself where it is no union. */
export function branchOf(node: JsonSchema, value: unknown): JsonSchema {
  if (!node.oneOf) return node;
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const branch = node.oneOf.find((candidate) =>
    Object.entries(candidate.properties ?? {}).every(
      ([key, property]) => !("const" in property) || property.const === given[key],
    ),
  );
  return branch ?? node;
}

/** Schema of what lies one step below a node; `undefined` where the step is unknown. */
export function child(node: JsonSchema, value: unknown, step: string | number): JsonSchema | undefined {
  const branch = branchOf(node, value);
  if (typeof step === "number") return branch.items;
  if (branch.properties && Object.hasOwn(branch.properties, step)) return branch.properties[step];
  if (typeof branch.additionalProperties === "object") return branch.additionalProperties;
  return unionDiscriminator(branch, step);
}

/** The `kind` of a union whose branch is not known yet, with the kinds there are. */
function unionDiscriminator(node: JsonSchema, step: string): JsonSchema | undefined {
  const kinds = node.oneOf
    ?.map((branch) => branch.properties?.[step])
    .filter((property) => property && "const" in property);
  if (!kinds?.length) return undefined;
  return { type: "string", enum: kinds.map((property) => property?.const), description: "Which of the kinds." };
}

/** Schema of the setting at a path of given settings. */
export function schemaAt(raw: unknown, path: PropertyPath): JsonSchema | undefined {
  let node: JsonSchema | undefined = settingsJsonSchema();
  let value = raw;
  for (const step of path) {
    if (!node) return undefined;
    node = child(node, value, step);
    value = (value as Record<string | number, unknown> | undefined | null)?.[step];
  }
  return node;
}

/** What a setting may be, in words. */
export function allowedBy(node: JsonSchema): string {
  if (node.secret) return `a secret: ${node.allowed ?? "text"}`;
  if (node.allowed) return node.allowed;
  if (node.enum) return node.enum.map(String).join(", ");
  if ("const" in node) return String(node.const);
  if (node.type === "boolean") return "true or false";
  if (node.type === "integer") return `a whole number from ${node.minimum} to ${node.maximum}`;
  if (node.type === "string") return "text";
  if (node.type === "array")
    return `a list${node.minItems ? ` of at least ${node.minItems}` : ""}: ${node.items ? allowedBy(node.items) : "anything"}`;
  if (node.oneOf) return `a mapping whose kind is one of ${kindsOf(node).join(", ")}`;
  if (node.properties) return `a mapping of ${Object.keys(node.properties).join(", ")}`;
  if (typeof node.additionalProperties === "object") return `a mapping of names to values`;
  return "any value";
}

/** The kinds of a discriminated union. */
export function kindsOf(node: JsonSchema): string[] {
  return (node.oneOf ?? []).map((branch) => String(branch.properties?.kind?.const));
}

/** JSON Schema of a whole `Pulumi.<stack>.yaml`, for editors. */
export function stackFileSchema(): JsonSchema {
  const { properties = {}, required = [] } = settingsJsonSchema();
  const sections = Object.entries(properties).map(
    ([name, node]) => [`${NAMESPACE}:${name}`, forEditors(node)] as const,
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of a stack of onprem-platform",
    description: "Generated from components/settings by `npm run docs`; do not edit.",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(sections),
        required: required.map((name) => `${NAMESPACE}:${name}`),
        patternProperties: { [`^${NAMESPACE}:(?!(${Object.keys(properties).join("|")})$)`]: false },
      },
    },
  };
}

/** Our metadata in the words that editors know; secrets as Pulumi writes them. */
function forEditors(node: JsonSchema): JsonSchema {
  const { allowed, example, secret, format, properties, items, oneOf, additionalProperties, ...rest } = node;
  if (secret) {
    return {
      description: `${node.description ?? ""} Set with \`pulumi config set --secret --path\`.`.trim(),
      type: "object",
      properties: { secure: { type: "string" } },
      required: ["secure"],
      additionalProperties: false,
    };
  }
  return {
    ...rest,
    ...(allowed && node.pattern ? { patternErrorMessage: `Must be ${allowed}.` } : {}),
    ...(example !== undefined ? { examples: [example] } : {}),
    ...(properties ? { properties: mapValues(properties, forEditors) } : {}),
    ...(items ? { items: forEditors(items) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(forEditors) } : {}),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === "object" ? forEditors(additionalProperties) : additionalProperties,
        }),
  };
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
