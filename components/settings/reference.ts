import { allowedBy, type JsonSchema, kindsOf, settingsJsonSchema } from "./json-schema";
import { NAMESPACE } from "./schema";

interface Row {
  path: string;
  node: JsonSchema;
  required: boolean;
}

/** The settings reference as Markdown: a table a section, a table a kind where a section has kinds. */
export function settingsReference(): string {
  const { properties = {}, required = [] } = settingsJsonSchema();
  const sections = Object.entries(properties).map(([name, node]) =>
    sectionReference(name, node, required.includes(name)),
  );
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

const INTRODUCTION = `<!-- Generated from components/settings by \`npm run docs\`; do not edit. -->
# Settings

A stack's settings stand in \`Pulumi.<stack>.yaml\` under the namespace \`${NAMESPACE}\`. The first line of the file,
\`# yaml-language-server: $schema=./onprem.schema.json\`, gives an editor completion and checks.

- Everything is checked before anything is created, and every mistake is listed at once.
- A **secret** is set with \`pulumi config set --secret --path '${NAMESPACE}:…'\`, which asks for the value. In clear it is refused.
- \`pulumi config set --path\` turns digits into a number. Where text is due, such as an image tag \`"17"\`, edit the file and quote it.
- "required" means: has no default. In an optional part it is required only where that part is there.
- \`[]\` after a name stands for each entry of a list.`;

function sectionReference(name: string, node: JsonSchema, required: boolean): string {
  const parts = [`## ${name}`, node.description ?? ""];
  if (!node.properties && !node.oneOf) parts.push(table([{ path: `${NAMESPACE}:${name}`, node, required }]));
  parts.push(...tables(`${NAMESPACE}:${name}`, node, ""));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Tables of a mapping, and of each kind of each union below it. */
function tables(title: string, node: JsonSchema, prefix: string): string[] {
  if (node.oneOf) {
    return node.oneOf.flatMap((branch) => {
      const kind = String(branch.properties?.kind?.const);
      const heading = [`### ${title}, kind: ${kind}`, branch.properties?.kind?.description ?? ""];
      return [...heading, ...tables(`${title}, kind: ${kind}`, branch, prefix)];
    });
  }
  const { rows, unions } = flatten(node, prefix);
  const own = rows.length > 0 ? [table(rows)] : [];
  return [
    ...own,
    ...unions.flatMap(({ path, node: union }) => tables(`${title.split(",")[0]}.${path}`, union, `${path}.`)),
  ];
}

function flatten(node: JsonSchema, prefix: string): { rows: Row[]; unions: Row[] } {
  const rows: Row[] = [];
  const unions: Row[] = [];
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    if (key === "kind" && "const" in property) continue;
    const row = { path: `${prefix}${key}`, node: property, required: node.required?.includes(key) ?? false };
    rows.push(row);
    const inner = property.items ?? property;
    const innerPath = property.items ? `${row.path}[]` : row.path;
    if (inner.oneOf) unions.push({ ...row, path: innerPath, node: inner });
    else if (inner.properties) {
      const below = flatten(inner, `${innerPath}.`);
      rows.push(...below.rows);
      unions.push(...below.unions);
    }
  }
  return { rows, unions };
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ path, node, required }) =>
    [`\`${path}\``, briefly(node), defaultOf(node, required), node.description ?? ""].map((cell) =>
      cell.replaceAll("|", "\\|").replaceAll("\n", " "),
    ),
  );
  const lines = [["setting", "allowed", "default", "what it does"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  // Padded as the formatter of the project would do it, so that it leaves the page alone.
  const print = (line: readonly string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [heading = [], ...body] = lines;
  return [print(heading), print(widths.map((width) => "-".repeat(width))), ...body.map(print)].join("\n");
}

/** What is allowed, without the names that have rows of their own. */
function briefly(node: JsonSchema): string {
  if (node.oneOf) return `kind: ${kindsOf(node).join(", ")}`;
  if (node.properties) return "a mapping";
  if (node.items?.properties) return "a list of mappings";
  if (node.items?.oneOf) return `a list of mappings, kind: ${kindsOf(node.items).join(", ")}`;
  return allowedBy(node);
}

function defaultOf(node: JsonSchema, required: boolean): string {
  if (required) return "required";
  if (node.default === undefined || (node.properties && Object.keys(node.default as object).length === 0)) return "–";
  return `\`${typeof node.default === "string" ? node.default : JSON.stringify(node.default)}\``;
}
