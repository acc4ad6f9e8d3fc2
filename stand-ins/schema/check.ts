import { nearest } from "../../components/settings/nearest";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../plugin/property-values";
import type { CheckFailure } from "../plugin/resource-provider";
import { type FieldTable, field, type SdkSchema } from "./schema";

/** Checks inputs against the SDK's types: every required one is there, none is unknown, each has its type. */
export function checkFields(
  schema: SdkSchema,
  fields: FieldTable,
  given: PropertyMap,
  { prefix = "", required = true }: { prefix?: string; required?: boolean } = {},
): CheckFailure[] {
  const known = Object.keys(fields).filter((name) => field(fields[name] ?? "").input);
  const unknown = Object.keys(given)
    .filter((name) => !known.includes(name) && !name.startsWith("__"))
    .map((name) => ({ property: prefix + name, reason: unknownReason(name, known) }));
  const missing = known
    .filter((name) => required && field(fields[name] ?? "").required && given[name] === undefined)
    .map((name) => ({ property: prefix + name, reason: "is required" }));
  const wrong = known.flatMap((name) => {
    const { type } = field(fields[name] ?? "");
    return checkValue(schema, type, given[name], prefix + name);
  });
  return [...unknown, ...missing, ...wrong];
}

function unknownReason(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return close
    ? `is not an input here; did you mean ${close}?`
    : `is not an input here; the inputs are ${known.join(", ")}`;
}

function checkValue(schema: SdkSchema, type: string, value: PropertyValue | undefined, path: string): CheckFailure[] {
  if (value === undefined || value === null || value === UNKNOWN || type === "any") return [];
  const refuse = (allowed: string): CheckFailure[] => [
    { property: path, reason: `must be ${allowed}, not ${described(value)}` },
  ];
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return refuse("a list");
    return value.flatMap((item, index) => checkValue(schema, type.slice(0, -2), item, `${path}[${index}]`));
  }
  const isObject = typeof value === "object" && !Array.isArray(value);
  if (type.startsWith("#"))
    return isObject
      ? checkFields(schema, schema.types[type.slice(1)] ?? {}, value, { prefix: `${path}.` })
      : refuse("an object");
  if (type.startsWith("{"))
    return isObject
      ? Object.entries(value).flatMap(([key, item]) => checkValue(schema, type.slice(1, -1), item, `${path}.${key}`))
      : refuse("a map");
  return typeof value === type ? [] : refuse(`a ${type}`);
}

/** The type only where a value could be long or secret. */
function described(value: PropertyValue): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a string" : "an object";
}
