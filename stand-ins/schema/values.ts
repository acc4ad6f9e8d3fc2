import { digits, fingerprint } from "../cloud/deterministic";
import { containsUnknown, type PropertyMap, type PropertyValue, UNKNOWN } from "../plugin/property-values";
import { type FieldTable, field, type SdkSchema } from "./schema";

/** Values by the path of the field, e.g. `scheduling.automaticRestart`; those of absent blocks do not count. */
export interface Defaults {
  readonly [path: string]: PropertyValue;
}

/** The properties with the provider's defaults, in nested blocks too where these are given. */
export function withDefaultValues(given: PropertyMap, defaults: Defaults): PropertyMap {
  const result = structuredClone(given);
  for (const [path, value] of Object.entries(defaults)) setDefault(result, path.split("."), value);
  return result;
}

function setDefault(target: PropertyValue | undefined, path: readonly string[], value: PropertyValue): void {
  const [first = "", ...rest] = path;
  if (Array.isArray(target)) for (const item of target) setDefault(item, path, value);
  else if (target === null || typeof target !== "object") return;
  else if (rest.length > 0) setDefault(target[first], rest, value);
  else target[first] ??= value;
}

/**
 * Adds what the cloud computes and nobody gave: `UNKNOWN` in a preview, otherwise values that the seed alone decides,
 * empty ones where there is no rule. What `known` holds is kept, blocks are filled field by field.
 */
export function withComputed(
  schema: SdkSchema,
  fields: FieldTable,
  known: PropertyMap,
  how: { seed: string } | "unknown",
): PropertyMap {
  const filled = Object.entries(fields).flatMap(([name, notation]): [string, PropertyValue][] => {
    const { type, computed } = field(notation);
    const value = known[name];
    if (value !== undefined && value !== null) return [[name, fillBlocks(schema, type, value, how)]];
    if (!computed) return [];
    return [[name, how === "unknown" ? UNKNOWN : computedValue(schema, type, name, how.seed)]];
  });
  return { ...known, ...Object.fromEntries(filled) };
}

function fillBlocks(
  schema: SdkSchema,
  type: string,
  value: PropertyValue,
  how: { seed: string } | "unknown",
): PropertyValue {
  if (value === UNKNOWN || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) =>
      fillBlocks(schema, type.replace(/\[\]$/, ""), item, how === "unknown" ? how : { seed: `${how.seed}[${index}]` }),
    );
  if (!type.startsWith("#") || typeof value !== "object") return value;
  return withComputed(schema, schema.types[type.slice(1)] ?? {}, value, how);
}

function computedValue(schema: SdkSchema, type: string, name: string, seed: string): PropertyValue {
  if (type.endsWith("[]")) return [];
  if (type.startsWith("{")) return {};
  if (type.startsWith("#")) return withComputed(schema, schema.types[type.slice(1)] ?? {}, {}, { seed });
  if (type === "boolean") return false;
  if (type === "number") return 0;
  if (name === "deletionPolicy") return "DELETE";
  if (/timestamp$|^createTime$|^timeCreated$|^updated$|^updateTime$/i.test(name)) return "2026-01-01T00:00:00.000Z";
  if (/fingerprint$|^etag$/i.test(name)) return fingerprint(`${seed} ${name}`);
  if (/^(uniqueId|numericId|.+NumericId|generatedId|instanceId|networkId|subnetworkId|diskId)$/.test(name))
    return digits(seed, 19);
  return "";
}

/** What an update makes of the old properties: what is asked for, and what the cloud computed and nobody asks for. */
export function overlay(schema: SdkSchema, fields: FieldTable, old: PropertyMap, asked: PropertyMap): PropertyMap {
  const entries = Object.entries(fields).flatMap(([name, notation]): [string, PropertyValue][] => {
    const { type, computed } = field(notation);
    const [before, value] = [old[name], asked[name]];
    if (value !== undefined) return [[name, overlayValue(schema, type, before, value)]];
    return computed && before !== undefined ? [[name, before]] : [];
  });
  return Object.fromEntries(entries);
}

function overlayValue(
  schema: SdkSchema,
  type: string,
  old: PropertyValue | undefined,
  asked: PropertyValue,
): PropertyValue {
  if (Array.isArray(asked) && Array.isArray(old) && asked.length === old.length)
    return asked.map((item, index) => overlayValue(schema, type.replace(/\[\]$/, ""), old[index], item));
  if (!type.startsWith("#") || old === undefined || !isObject(old) || !isObject(asked)) return asked;
  return overlay(schema, schema.types[type.slice(1)] ?? {}, old, asked);
}

/** The inputs with what was read in place of what was asked for: what somebody changed shows as a difference. */
export function asRead(inputs: PropertyMap, properties: PropertyMap): PropertyMap {
  const entries = Object.entries(inputs).map(([name, value]): [string, PropertyValue] => {
    const actual = properties[name];
    return [name, name.startsWith("__") || actual === undefined ? value : project(value, actual)];
  });
  return Object.fromEntries(entries);
}

function project(asked: PropertyValue, actual: PropertyValue): PropertyValue {
  if (containsUnknown(asked)) return asked;
  if (Array.isArray(asked) && Array.isArray(actual))
    return actual.map((item, index) => {
      const before = asked[index];
      return before === undefined ? item : project(before, item);
    });
  if (!isObject(asked) || !isObject(actual)) return actual;
  return asRead(asked, actual);
}

function isObject(value: PropertyValue): value is PropertyMap {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
