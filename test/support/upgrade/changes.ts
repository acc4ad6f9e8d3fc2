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
  /** Type token and name, as in {@link Change.resource}. */
  readonly resource: string;
  /** Default: `update`. */
  readonly op?: string;
  /** Paths that differ; one stands for all that is below it. Absent where all of it is new or goes. */
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

/** Whether a path is the other one, or leads to it. */
function covers(path: string, other: string): boolean {
  return other === path || other.startsWith(`${path}.`) || other.startsWith(`${path}[`);
}

/**
 * Kinds that hold data or keys, or whose end takes such along. To replace or delete one is never right.
 * CustomResourceDefinition: with it all its objects go. Release: the database is in it.
 */
const HOLDERS =
  /^(random|tls):|:(Secret|Namespace|StatefulSet|PersistentVolume|PersistentVolumeClaim|CustomResourceDefinition|Release|BackupStorageLocation|Provider)$|^gcp:(compute\/(instance|disk|address|network|subnetwork)|container|kms|storage|dns|projects|serviceaccount|secretmanager)|^rancher2:|^pulumi:providers:|^onprem:/;

/** Why a list of expected changes cannot be right, each in a sentence. */
export function mistakesIn(expected: readonly ExpectedChange[]): string[] {
  return expected.flatMap(({ op = "update", resource }) => {
    const harmless = op === "update" || op === "create" || !HOLDERS.test(resource.split(" ")[0] ?? "");
    return harmless ? [] : [`${resource} holds data or keys: "${op}" must not be expected of it.`];
  });
}

/**
 * Compares what a preview changes with what is expected of this stack.
 * @returns a sentence for each change that nothing expects, and for each expectation that nothing meets
 */
export function surprises(
  stack: string,
  changes: readonly Change[],
  expected: readonly ExpectedChange[],
): { unexpected: string[]; unmet: string[] } {
  const here = expected.filter(({ stacks }) => stacks.includes(stack));
  const allowing = ({ op, resource }: Change) =>
    here.filter((entry) => entry.resource === resource && (entry.op ?? "update") === op);
  const unexpected = changes.flatMap((change) => {
    const entries = allowing(change);
    if (entries.length > 0 && change.properties.length === 0) return [];
    const allowed = entries.flatMap(({ properties = [] }) => properties);
    const others = change.properties.filter((property) => !allowed.some((path) => covers(path, property)));
    if (entries.length > 0 && others.length === 0) return [];
    return [`${change.op} ${change.resource}: ${others.join(", ") || "all of it"}`];
  });
  const unmet = here.flatMap((entry) => {
    const change = changes.find(({ op, resource }) => resource === entry.resource && op === (entry.op ?? "update"));
    if (!change) return [`${entry.op ?? "update"} ${entry.resource}`];
    const missing = (entry.properties ?? []).filter(
      (path) => !change.properties.some((property) => covers(path, property)),
    );
    return missing.map((path) => `${change.op} ${change.resource}: ${path}`);
  });
  return { unexpected, unmet };
}
