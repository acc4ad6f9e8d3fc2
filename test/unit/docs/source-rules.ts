/** Rules for sources that a reader would otherwise have to watch over: one owner for each default and each fact. */
import * as ts from "typescript";

/** A source file of the project. */
export interface Source {
  /** Path in the project. */
  readonly path: string;
  readonly text: string;
}

/** Most lines of a file. */
export const LONGEST_FILE = 300;

/** Files that are too long, in a sentence each. */
export function tooLong(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, "").split("\n").length;
    return lines > LONGEST_FILE ? [`${path} has ${lines} lines, more than ${LONGEST_FILE}: split it by subject.`] : [];
  });
}

/** Places that encode text for a Kubernetes Secret, or make one, by hand. */
export function handMadeSecrets(sources: readonly Source[]): string[] {
  const owners: Readonly<Record<string, RegExp>> = {
    "components/kubernetes/base64.ts": /toString\(\s*["'`]base64["'`]\s*\)|\bbtoa\(/,
    "components/kubernetes/secret.ts": /new \w+\.core\.v1\.Secret\(|["'`]kubernetes\.io\/dockerconfigjson["'`]/,
  };
  return sources.flatMap((source) =>
    Object.entries(owners).flatMap(([owner, pattern]) =>
      source.path !== owner && pattern.test(source.text)
        ? [`${source.path} matches ${pattern.source}: only ${owner} does this.`]
        : [],
    ),
  );
}

/** Other declarations of CPU and memory than the one in components/kubernetes. */
export function otherResources(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const declares = nodesOf(source).some((node) => {
      if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return false;
      const names = node.members.map((member) => member.name?.getText());
      return names.includes("requests") && names.includes("limits");
    });
    return declares && source.path !== "components/kubernetes/pods.ts"
      ? [`${source.path} declares requests and limits: take Resources of components/kubernetes/pods.ts.`]
      : [];
  });
}

/** An interface whose fields are a component's arguments. */
interface ArgsInterface {
  readonly path: string;
  readonly node: ts.InterfaceDeclaration;
}

function argsInterfaces(sources: readonly Source[]): ArgsInterface[] {
  return sources.flatMap((source) =>
    nodesOf(source)
      .filter(ts.isInterfaceDeclaration)
      .filter(({ name }) => name.text.endsWith("Args") || /(^|[/-])args\.ts$/.test(source.path))
      .map((node) => ({ path: source.path, node })),
  );
}

/**
 * Fields of arguments that may be left out, or have no doc comment. One that may be left out hides a setting that was
 * renamed; `T | undefined` says the same and has to be passed.
 */
export function looseArguments(sources: readonly Source[]): string[] {
  return argsInterfaces(sources).flatMap(({ path, node }) =>
    node.members.filter(ts.isPropertySignature).flatMap((field) => {
      const name = `${path}: ${node.name.text}.${field.name.getText()}`;
      return [
        ...(field.questionToken ? [`${name} may be left out: write T | undefined.`] : []),
        ...(ts.getJSDocCommentsAndTags(field).length === 0 ? [`${name} has no doc comment.`] : []),
        ...(/\bdefaults? /i.test(docOf(field)) && !/cluster's default|default (one|location)/.test(docOf(field))
          ? [`${name} speaks of a default: the settings' schema owns it.`]
          : []),
      ];
    }),
  );
}

const docOf = (field: ts.PropertySignature): string =>
  ts
    .getJSDocCommentsAndTags(field)
    .map((doc) => doc.getText())
    .join("\n");

/** Names of all fields of arguments. */
export function argumentNames(sources: readonly Source[]): string[] {
  return argsInterfaces(sources).flatMap(({ node }) => node.members.map((member) => member.name?.getText() ?? ""));
}

/**
 * Values that stand in for a setting or an argument that is absent. What only writes absence down in another way (`""`,
 * `[]`, `{}`) is none.
 * @param names of settings and arguments
 */
export function secondDefaults(sources: readonly Source[], names: ReadonlySet<string>): string[] {
  return sources.flatMap((source) =>
    nodesOf(source).flatMap((node) => {
      const [name, value] = fallbackOf(node) ?? [];
      if (name === undefined || value === undefined || !names.has(name) || !isDefault(value)) return [];
      return [`${source.path}: ${node.getText().replace(/\s+/g, " ")}`];
    }),
  );
}

/** Name of what may be absent, and what takes its place. */
function fallbackOf(node: ts.Node): readonly [name: string | undefined, value: ts.Expression | undefined] | undefined {
  if (ts.isBindingElement(node)) return [(node.propertyName ?? node.name).getText(), node.initializer];
  if (ts.isParameter(node)) return [node.name.getText(), node.initializer];
  if (!ts.isBinaryExpression(node)) return undefined;
  const operators = [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken];
  if (!operators.includes(node.operatorToken.kind)) return undefined;
  return [nameOf(node.left), node.right];
}

function nameOf(expression: ts.Expression): string | undefined {
  if (ts.isParenthesizedExpression(expression)) return nameOf(expression.expression);
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  if (ts.isBinaryExpression(expression)) return nameOf(expression.right);
  return ts.isIdentifier(expression) ? expression.text : undefined;
}

function isDefault(value: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(value)) return isDefault(value.expression);
  if (ts.isStringLiteralLike(value)) return value.text !== "";
  if (ts.isArrayLiteralExpression(value)) return value.elements.length > 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length > 0;
  if (ts.isElementAccessExpression(value)) return isDefault(value.expression);
  if (ts.isIdentifier(value)) return /^[A-Z][A-Z0-9_]+$/.test(value.text);
  const literals = [ts.SyntaxKind.NumericLiteral, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword];
  return literals.includes(value.kind);
}

function nodesOf({ path, text }: Source): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return nodes;
}
