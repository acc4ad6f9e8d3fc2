/** What `pulumi preview --json` prints, as far as the summary needs it. */
export interface PreviewDigest {
  steps?: PreviewStep[];
  diagnostics?: { urn?: string; message: string; severity: string }[];
  changeSummary?: Record<string, number>;
}

/** One step that the engine would take. */
export interface PreviewStep {
  op: string;
  urn: string;
  /** Properties that make a replacement necessary. */
  replaceReasons?: string[] | null;
  /** Properties that differ. */
  diffReasons?: string[] | null;
  detailedDiff?: Record<string, { kind: string }> | null;
  newState?: { type?: string; inputs?: Record<string, unknown> };
}

/** What happens to a resource, worst first. */
export const operations = ["replace", "delete", "create", "update", "import", "refresh"] as const;

/** One of the {@link operations}. */
export type Operation = (typeof operations)[number];

/** A change of one resource. */
export interface Change {
  operation: Operation;
  type: string;
  name: string;
  /** Properties that change, those that make a replacement necessary first. */
  properties: string[];
}

/** Steps that a replacement consists of; each of them stands for the whole. */
const PARTS_OF_REPLACEMENT = ["create-replacement", "delete-replaced", "discard-replaced", "import-replacement"];

function operationOf(op: string): Operation | undefined {
  if (PARTS_OF_REPLACEMENT.includes(op)) return "replace";
  if (op === "discard" || op === "remove-pending-replace") return "delete";
  return operations.find((operation) => operation === op);
}

/** Type and name out of a URN; parents' types are left out. */
export function nameOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function propertiesOf({ replaceReasons, diffReasons, detailedDiff }: PreviewStep): string[] {
  const detailed = detailedDiff ? Object.keys(detailedDiff) : (diffReasons ?? []);
  return [...new Set([...(replaceReasons ?? []), ...detailed])];
}

/** Changes by resource: replaced and deleted first, then by type and name. What stays the same is left out. */
export function changesOf({ steps = [] }: PreviewDigest): Change[] {
  const changes = new Map<string, Change>();
  for (const step of steps) {
    const operation = operationOf(step.op);
    if (!operation) continue;
    const known = changes.get(step.urn);
    const worst =
      known && operations.indexOf(known.operation) < operations.indexOf(operation) ? known.operation : operation;
    const properties = [...new Set([...(known?.properties ?? []), ...propertiesOf(step)])];
    changes.set(step.urn, { operation: worst, ...nameOf(step.urn), properties });
  }
  const rank = ({ operation }: Change) => operations.indexOf(operation);
  const title = ({ type, name }: Change) => `${type} ${name}`;
  return [...changes.values()].sort((one, other) => rank(one) - rank(other) || title(one).localeCompare(title(other)));
}

/** A part whose version changes. */
export interface VersionStep {
  part: string;
  /** Absent for a part that is new. */
  from?: string;
  /** Absent for a part that goes. */
  to?: string;
}

const VERSION_RECORD = "onprem:platform:VersionRecord";

/** Versions that change with this run: those on record, where the record itself changes. */
export function versionSteps({ steps = [] }: PreviewDigest): VersionStep[] {
  const step = steps.find(({ urn, op }) => nameOf(urn).type === VERSION_RECORD && operationOf(op) !== undefined);
  const { from = {}, to = {} } = (step?.newState?.inputs ?? {}) as Record<"from" | "to", Record<string, string>>;
  const parts = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return parts
    .filter((part) => from[part] !== to[part])
    .map((part) => ({
      part,
      ...(from[part] ? { from: from[part] } : {}),
      ...(to[part] ? { to: to[part] } : {}),
    }));
}
