/** What a preview changes of a stack that an older release made, and which of it is expected. Pure. */

/** A resource as a preview shows it. */
interface PreviewedState {
  readonly inputs?: unknown;
}

/** One resource of `pulumi preview --json`. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: PreviewedState;
  readonly newState?: PreviewedState;
  /** Properties that differ, as the provider names them. */
  readonly diffReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** What becomes of one resource. */
export interface Change {
  /** As the engine calls it: `update`, `create`, `delete`, `replace`, `create-replacement`, `delete-replaced`. */
  readonly op: string;
  /** Type token and name: `kubernetes:core/v1:ConfigMap rules`. */
  readonly resource: string;
  /** Paths of the inputs that differ, such as `data.rules` and `spec.containers[0].image`; none where all of it is new or goes. */
  readonly properties: readonly string[];
}

/** A change that today's program makes in a stack of the last release, and that is right. */
export interface ExpectedChange {
  /** Stacks in which it shows: `dev`, `prod`. */
  readonly stacks: readonly string[];
  /** Type tokens and names, as in {@link Change.resource}; `*` stands for any text. */
  readonly resources: readonly string[];
  /** Default: `update`. */
  readonly op?: string;
  /**
   * Paths that differ; one stands for all that is below it, and `[*]` for any place in a list. Each must differ in one of the
   * resources. Absent where all of a resource is new or goes.
   */
  readonly properties?: readonly string[];
  /** Why it is right. */
  readonly why: string;
  /** What CHANGELOG.md says of it, word for word. */
  readonly changelog: string;
}

const STAYS = ["same", "read", "refresh"];

/** What a preview changes, sorted by resource. */
export function changesIn(steps: readonly PreviewStep[]): Change[] {
  return steps
    .filter(({ op }) => !STAYS.includes(op))
    .map((step) => ({ op: step.op, resource: resourceOf(step.urn), properties: propertiesOf(step) }))
    .sort((one, other) => one.resource.localeCompare(other.resource) || one.op.localeCompare(other.op));
}

function resourceOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").pop()} ${name.join("::")}`;
}

function propertiesOf({ op, oldState, newState, diffReasons, detailedDiff }: PreviewStep): string[] {
  if (op === "create" || op === "delete") return [];
  const seen = differences(oldState?.inputs, newState?.inputs);
  // Secrets look the same, whatever they are; what a cluster has of its own is not among the inputs.
  const told = [...(diffReasons ?? []), ...Object.keys(detailedDiff ?? {})];
  const unseen = told.filter((name) => !seen.some((path) => covers(name, path) || covers(path, name)));
  return [...new Set([...seen, ...unseen])].sort();
}

/** Paths at which two values differ, the deepest ones that both have. What the engine adds for itself is left out. */
export function differences(one: unknown, other: unknown, path = ""): string[] {
  if (Object.is(one, other)) return [];
  if (Array.isArray(one) && Array.isArray(other)) {
    const length = Math.max(one.length, other.length);
    return Array.from({ length }, (_, index) => differences(one[index], other[index], `${path}[${index}]`)).flat();
  }
  if (isGroup(one) && isGroup(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names]
      .filter((name) => !name.startsWith("__"))
      .flatMap((name) => differences(one[name], other[name], path ? `${path}${step(name)}` : name));
  }
  return [path];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As the engine writes a path. */
function step(name: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(name) ? `.${name}` : `["${name}"]`;
}

/** A regular expression for a text in which one word stands for what another expression matches. */
function pattern(text: string, word: string, expression: string): string {
  const literal = text.split(word).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return literal.join(expression);
}

/** Whether a path is the other one, or leads to it; `[*]` in it stands for any place in a list. */
function covers(path: string, other: string): boolean {
  return new RegExp(`^${pattern(path, "[*]", "\\[\\d+\\]")}(?![^.[])`).test(other);
}

/** Whether this is a resource of those that are named; `*` in a name stands for any text. */
function names(named: string, resource: string): boolean {
  return new RegExp(`^${pattern(named, "*", ".*")}$`).test(resource);
}

/**
 * Kinds that hold data or keys, or whose end takes such along. To replace or delete one is never right.
 * CustomResourceDefinition: with it all its objects go. Release: the database is in it.
 */
const HOLDERS =
  /^(random|tls):|:(Secret|Namespace|StatefulSet|PersistentVolume|PersistentVolumeClaim|CustomResourceDefinition|Release|BackupStorageLocation|Provider)$|^gcp:(compute\/(instance|disk|address|network|subnetwork)|container|kms|storage|dns|projects|serviceaccount|secretmanager)|^rancher2:|^pulumi:providers:|^onprem:/;

/** Why a list of expected changes cannot be right, each in a sentence. */
export function mistakesIn(expected: readonly ExpectedChange[]): string[] {
  return expected.flatMap(({ op = "update", resources }) => {
    if (op === "update" || op === "create") return [];
    const holders = resources.filter((resource) => {
      const [type = ""] = resource.split(" ");
      return type.includes("*") || HOLDERS.test(type);
    });
    return holders.map((resource) => `${resource} may hold data or keys: "${op}" must not be expected of it.`);
  });
}

/** What differs between what a preview changes and what is expected, each in a line. */
export interface Surprises {
  /** Changes that nothing expects. */
  readonly unexpected: readonly string[];
  /** Expectations that nothing meets. */
  readonly unmet: readonly string[];
}

/** Compares what a preview changes with what is expected of this kind of stack. */
export function surprises(stack: string, changes: readonly Change[], expected: readonly ExpectedChange[]): Surprises {
  const here = expected.filter(({ stacks }) => stacks.includes(stack));
  return {
    unexpected: changes.flatMap((change) => unexpectedIn(change, here)),
    unmet: here.flatMap((entry) => unmetOf(entry, changes)),
  };
}

const concerns = ({ op = "update", resources }: ExpectedChange, change: Change) =>
  change.op === op && resources.some((named) => names(named, change.resource));

function unexpectedIn(change: Change, expected: readonly ExpectedChange[]): string[] {
  const entries = expected.filter((entry) => concerns(entry, change));
  const allowed = entries.flatMap(({ properties = [] }) => properties);
  const others = change.properties.filter((property) => !allowed.some((path) => covers(path, property)));
  const isExpected = entries.length > 0 && others.length === 0;
  return isExpected ? [] : [`${change.op} ${change.resource}: ${others.join(", ") || "all of it"}`];
}

function unmetOf(entry: ExpectedChange, changes: readonly Change[]): string[] {
  const { op = "update", properties = [], resources } = entry;
  const met = changes.filter((change) => concerns(entry, change));
  const absent = resources.filter((resource) => !met.some((change) => names(resource, change.resource)));
  const seen = met.flatMap((change) => change.properties);
  const same = properties.filter((path) => !seen.some((property) => covers(path, property)));
  return [
    ...absent.map((resource) => `${op} ${resource}`),
    ...(met.length > 0 ? same.map((path) => `${op} ${resources.join(", ")}: ${path}`) : []),
  ];
}
