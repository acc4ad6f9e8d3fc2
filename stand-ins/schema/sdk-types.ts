import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import * as ts from "typescript";
import type { FieldTable, FunctionSchema, ResourceSchema, SdkSchema } from "./schema";

/** A field as one of the SDK's interfaces declares it. */
interface Declared {
  type: string;
  optional: boolean;
}

type Declarations = Map<string, Declared>;

/** Reads what resource types and functions take and return out of an SDK package's own type declarations. */
export class SdkTypes {
  private readonly folder: string;
  private readonly version: string;
  private readonly nested: { input: Map<string, Declarations>; output: Map<string, Declarations> };

  /** @param packageName e.g. `@pulumi/gcp`; it must be installed. */
  constructor(private readonly packageName: string) {
    const manifest = createRequire(__filename).resolve(`${packageName}/package.json`);
    this.folder = dirname(manifest);
    this.version = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
    this.nested = { input: this.nestedTypes("input"), output: this.nestedTypes("output") };
  }

  /** The tables of these resource types and functions, and of every nested type that they use. */
  schema(resourceTokens: readonly string[], functionTokens: readonly string[]): SdkSchema {
    const resources = Object.fromEntries([...resourceTokens].sort().map((token) => [token, this.resource(token)]));
    const functions = Object.fromEntries([...functionTokens].sort().map((token) => [token, this.function(token)]));
    const types: { [name: string]: FieldTable } = {};
    const pending = [...Object.values(resources), ...Object.values(functions)].flatMap(({ fields }) => named(fields));
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (types[name]) continue;
      const fields = merged(this.nested.input.get(name), this.nested.output.get(name));
      types[name] = fields;
      pending.push(...named(fields));
    }
    return { package: this.packageName, version: this.version, resources, functions, types: sorted(types) };
  }

  private resource(token: string): ResourceSchema {
    const { file, name } = this.location(token);
    const { classes, interfaces } = declarations(this.parse(`${file}.d.ts`));
    const outputs = classes.get(name);
    if (!outputs) throw new Error(`${this.packageName} has no resource type ${token}`);
    const script = readFileSync(join(this.folder, `${file}.js`), "utf8");
    const secrets = /additionalSecretOutputs: (\[[^\]]*\])/.exec(script)?.[1] ?? "[]";
    return {
      fields: merged(interfaces.get(`${name}Args`) ?? new Map(), outputs),
      secretOutputs: JSON.parse(secrets) as string[],
    };
  }

  private function(token: string): FunctionSchema {
    const { file, name } = this.location(token);
    const { interfaces } = declarations(this.parse(`${file}.d.ts`));
    const prefix = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const result = interfaces.get(`${prefix}Result`);
    if (!result) throw new Error(`${this.packageName} has no function ${token}`);
    return { fields: merged(interfaces.get(`${prefix}Args`) ?? new Map(), result) };
  }

  /** `gcp:compute/network:Network` is declared in `compute/network.d.ts`, `iAMMember` in `iammember.d.ts`. */
  private location(token: string): { file: string; name: string } {
    const [, path = "", name = ""] = token.split(":");
    const module = path.replace(/^index\//, "");
    const wanted = `${basename(module)}.d.ts`.toLowerCase();
    const found = readdirSync(join(this.folder, dirname(module))).find((file) => file.toLowerCase() === wanted);
    if (!found) throw new Error(`${this.packageName} has no ${token}`);
    return { file: join(dirname(module), found.slice(0, -".d.ts".length)), name };
  }

  private nestedTypes(kind: "input" | "output"): Map<string, Declarations> {
    return declarations(this.parse(`types/${kind}.d.ts`)).interfaces;
  }

  private parse(file: string): ts.SourceFile {
    const text = readFileSync(join(this.folder, file), "utf8");
    return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, false);
  }
}

/** The names of the nested types in a table. */
function named(fields: FieldTable): string[] {
  return Object.values(fields).flatMap((field) => /#([A-Za-z0-9_.]+)/.exec(field)?.[1] ?? []);
}

function sorted<Value>(table: { [name: string]: Value }): { [name: string]: Value } {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One table of what may be given and what comes back; see `FieldTable` for the marks. */
function merged(inputs: Declarations = new Map(), outputs: Declarations = new Map()): FieldTable {
  const names = [...new Set([...inputs.keys(), ...outputs.keys()])].sort();
  const entries = names.map((name) => {
    const input = inputs.get(name);
    const output = outputs.get(name);
    const type = (input ?? output)?.type ?? "any";
    if (!input) return [name, `${type}=`];
    if (!input.optional) return [name, `${type}!`];
    return [name, output && !output.optional ? `${type}+` : type];
  });
  return Object.fromEntries(entries) as FieldTable;
}

function declarations(source: ts.SourceFile) {
  const interfaces = new Map<string, Declarations>();
  const classes = new Map<string, Declarations>();
  const visit = (node: ts.Node, prefix: string): void => {
    if (ts.isModuleDeclaration(node) && node.body) visit(node.body, `${prefix}${node.name.text}.`);
    else if (ts.isModuleBlock(node)) for (const statement of node.statements) visit(statement, prefix);
    else if (ts.isInterfaceDeclaration(node)) interfaces.set(prefix + node.name.text, members(node, source));
    else if (ts.isClassDeclaration(node) && node.name) classes.set(node.name.text, members(node, source));
  };
  for (const statement of source.statements) visit(statement, "");
  return { interfaces, classes };
}

function members(node: ts.InterfaceDeclaration | ts.ClassDeclaration, source: ts.SourceFile): Declarations {
  const found: Declarations = new Map();
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    if (!member.type || member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) continue;
    const { type, optional } = compact(member.type, source);
    found.set(member.name.getText(source), { type, optional: optional || member.questionToken !== undefined });
  }
  return found;
}

/** The type in the notation of `FieldTable`, without the SDK's `Input` and `Output` around it. */
function compact(node: ts.TypeNode, source: ts.SourceFile): Declared {
  if (ts.isParenthesizedTypeNode(node)) return compact(node.type, source);
  if (ts.isArrayTypeNode(node)) return { type: `${compact(node.elementType, source).type}[]`, optional: false };
  if (ts.isUnionTypeNode(node)) return compactUnion(node, source);
  if (ts.isTypeLiteralNode(node)) return { type: compactMap(node, source), optional: false };
  if (ts.isTypeReferenceNode(node)) return compactReference(node, source);
  const type = node.getText(source);
  return { type: ["string", "number", "boolean"].includes(type) ? type : "any", optional: type === "undefined" };
}

function compactUnion(node: ts.UnionTypeNode, source: ts.SourceFile): Declared {
  const parts = node.types.map((type) => compact(type, source));
  const types = [...new Set(parts.filter(({ optional }) => !optional).map(({ type }) => type))];
  const inner = parts.find(({ optional, type }) => optional && type !== "any");
  return {
    type: types.length === 1 ? (types[0] ?? "any") : (inner?.type ?? "any"),
    optional: parts.some(({ optional }) => optional),
  };
}

function compactMap(node: ts.TypeLiteralNode, source: ts.SourceFile): string {
  const index = node.members.find(ts.isIndexSignatureDeclaration);
  return index ? `{${compact(index.type, source).type}}` : "any";
}

function compactReference(node: ts.TypeReferenceNode, source: ts.SourceFile): Declared {
  const name = node.typeName.getText(source);
  const [argument] = node.typeArguments ?? [];
  if (argument) return compact(argument, source);
  const nested = /^(?:inputs|outputs)\.(.+)$/.exec(name)?.[1];
  if (nested) return { type: `#${nested}`, optional: false };
  return { type: name.startsWith("enums.") ? "string" : "any", optional: false };
}
