import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PropertyValue } from "../plugin/property-values";

/**
 * Fields by name in a compact notation: `string`, `number`, `boolean`, `any`, `#nested.Type`, `T[]`, `{T}` (a map).
 * A mark at the end says more: `!` must be given, `+` may be given and is computed otherwise, `=` is computed only.
 */
export interface FieldTable {
  readonly [name: string]: string;
}

/** What the SDK says of a resource type. */
export interface ResourceSchema {
  readonly fields: FieldTable;
  /** The outputs that the SDK always marks as secret. */
  readonly secretOutputs: readonly string[];
}

/** What the SDK says of a function. */
export interface FunctionSchema {
  readonly fields: FieldTable;
}

/** What an SDK package's type declarations say, for the types that the lab's stand-ins serve. */
export interface SdkSchema {
  readonly package: string;
  readonly version: string;
  readonly resources: { readonly [token: string]: ResourceSchema };
  readonly functions: { readonly [token: string]: FunctionSchema };
  /** Nested types by name. */
  readonly types: { readonly [name: string]: FieldTable };
}

/** What the official provider does to a resource type when inputs change or are left out. */
export interface Behaviour {
  /** Paths of fields whose change replaces the resource. */
  readonly replaces: readonly string[];
  /** Values of fields that are left out, by path; those of absent blocks do not count. */
  readonly defaults: { readonly [path: string]: PropertyValue };
}

/** A field's notation taken apart. */
export interface Field {
  /** The type without its mark. */
  readonly type: string;
  readonly required: boolean;
  readonly computed: boolean;
  readonly input: boolean;
}

/** Takes a field's notation apart. */
export function field(notation: string): Field {
  const mark = /[!+=]$/.exec(notation)?.[0];
  return {
    type: mark ? notation.slice(0, -1) : notation,
    required: mark === "!",
    computed: mark === "+" || mark === "=",
    input: mark !== "=",
  };
}

/** The sources of the stand-ins: tables are read from there, not from beside this file's compiled form in `dist`. */
const SOURCES = join(__dirname, "..", "..", "..", "stand-ins");

/** Where the checked-in table of an SDK package is. */
export function schemaFile(name: string): string {
  return join(SOURCES, name, `${name}.schema.json`);
}

/** Reads the checked-in table of an SDK package, e.g. `gcp`. */
export function loadSchema(name: string): SdkSchema {
  return JSON.parse(readFileSync(schemaFile(name), "utf8")) as SdkSchema;
}

/** The table as it is checked in: one resource, function or type a line, so that a change shows where it is. */
export function schemaText(schema: SdkSchema): string {
  const block = (table: object): string => {
    const lines = Object.entries(table).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `{\n${lines.join(",\n")}\n}`;
  };
  const { resources, functions, types, ...head } = schema;
  const parts = { resources, functions, types };
  const body = Object.entries(parts).map(([name, table]) => `${JSON.stringify(name)}:${block(table)}`);
  return `${JSON.stringify(head).slice(0, -1)},\n${body.join(",\n")}\n}\n`;
}

/** What the official provider does to resource types when inputs change or are left out; `source` says where it is from. */
export function loadBehaviours(name: string): { [token: string]: Behaviour } {
  const file = join(SOURCES, name, "behaviour.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { resources: { [token: string]: Behaviour } }).resources;
}
