import { isDeepStrictEqual } from "node:util";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../plugin/property-values";
import { type FieldTable, field, type SdkSchema } from "./schema";

/** A field that differs, by its path without the indexes of lists. */
export interface Change {
  path: string;
  /** Whether a whole block or list entry came or went, and which fields it has. */
  block?: readonly string[];
}

/** What is compared: what is asked for, what is, and what was asked for before. */
export interface Compared {
  given: PropertyMap;
  state: PropertyMap;
  before: PropertyMap;
}

/**
 * The fields in which what is asked for differs from what is. Fields that are not asked for and that the cloud computes
 * are left as they are; other ones that are not asked for any more count as changed.
 */
export function differences(schema: SdkSchema, fields: FieldTable, compared: Compared, prefix = ""): Change[] {
  return Object.entries(fields).flatMap(([name, notation]) => {
    const { type, computed, input } = field(notation);
    if (!input) return [];
    const [given, state, before] = [compared.given[name], compared.state[name], compared.before[name]];
    const path = prefix + name;
    if (given === undefined || given === null) {
      const removed = before !== undefined && before !== null && !computed && !isEmpty(state);
      return removed ? [blockChange(path, before)] : [];
    }
    return compareValues(schema, type, { given, state, before }, path);
  });
}

interface ComparedValues {
  given: PropertyValue;
  state: PropertyValue | undefined;
  before: PropertyValue | undefined;
}

function compareValues(schema: SdkSchema, type: string, values: ComparedValues, path: string): Change[] {
  const { given, state, before } = values;
  if (given === UNKNOWN) return [{ path }];
  if (type.startsWith("#") && isObject(given)) {
    if (!isObject(state)) return [blockChange(path, given)];
    const compared = { given, state, before: isObject(before) ? before : {} };
    return differences(schema, schema.types[type.slice(1)] ?? {}, compared, `${path}.`);
  }
  if (type.endsWith("[]") && type.startsWith("#") && Array.isArray(given))
    return compareBlocks(schema, type, values, path);
  return sameValue(given, state) ? [] : [{ path }];
}

function compareBlocks(schema: SdkSchema, type: string, values: ComparedValues, path: string): Change[] {
  const list = (value: PropertyValue | undefined): PropertyValue[] => (Array.isArray(value) ? value : []);
  const [given, state, before] = [list(values.given), list(values.state), list(values.before)];
  return Array.from({ length: Math.max(given.length, state.length) }, (_, index) => {
    const [item, existing] = [given[index], state[index]];
    if (item === undefined || existing === undefined) return [blockChange(path, item ?? existing)];
    return compareValues(schema, type.slice(0, -2), { given: item, state: existing, before: before[index] }, path);
  }).flat();
}

function blockChange(path: string, value: PropertyValue | undefined): Change {
  return isObject(value) ? { path, block: pathsIn(value, path) } : { path };
}

function pathsIn(value: PropertyValue, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, path));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => [`${path}.${name}`, ...pathsIn(item, `${path}.${name}`)]);
}

/** Lists of plain values count as sets, links to the same thing as equal, as the official plugins suppress both. */
function sameValue(given: PropertyValue, state: PropertyValue | undefined): boolean {
  if (state === undefined) return isEmpty(given);
  if (typeof given === "string" && typeof state === "string") return shortLink(given) === shortLink(state);
  if (Array.isArray(given) && Array.isArray(state))
    return isDeepStrictEqual(given.map(comparable).sort(), state.map(comparable).sort());
  return isDeepStrictEqual(given, state);
}

function comparable(value: PropertyValue): string {
  return typeof value === "string" ? shortLink(value) : JSON.stringify(value);
}

/** A link without the API's address: `projects/…`. */
export function shortLink(value: string): string {
  return value.replace(/^(https:)?\/\/[a-z.]+\.googleapis\.com\/(compute\/(v1|beta)\/|v1\/)?/, "");
}

function isEmpty(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The changes that only a replacement can apply, by the paths that force one. */
export function replacing(changes: readonly Change[], forcing: readonly string[]): Change[] {
  const forces = (path: string): boolean => forcing.includes(path);
  return changes.filter(({ path, block }) => forces(path) || (block?.some(forces) ?? false));
}
