/** Who an object in a cluster belongs to, by labels on its own metadata. Pure. */
import { ProgramError } from "../errors/program-error";

/** The stack that an object belongs to. */
export interface Owner {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** The customer's name. */
  readonly customer: string;
}

/** An object, by what finds it in the API. */
export interface ObjectIdentity {
  /** Group and version, such as `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** An object that the settings allow to be taken over, see `onprem:site.adopt`. */
export type AdoptedObject = Omit<ObjectIdentity, "apiVersion">;

/** What is read of an object's metadata. */
export interface FoundMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

const CUSTOMER = "onprem.platform/customer";
const PROJECT = "onprem.platform/project";

/** Objects with the names of the program's own are there, and belong to somebody else. Nothing was created. */
export class ForeignObjectError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "FOREIGN_OBJECT";
  override readonly name = "ForeignObjectError";
}

/** The labels that mark an object as a stack's. Never for pods' templates or selectors, which they would change. */
export function ownerLabels({ project, customer }: Owner): Record<string, string> {
  return { [CUSTOMER]: customer, [PROJECT]: project };
}

/**
 * Whether an object is the stack's: one that a killed run made, or of which the state was lost. Objects of versions
 * before 0.2.0 have no label of the project.
 */
export function isOwned({ labels = {} }: FoundMetadata, { project, customer }: Owner): boolean {
  return labels[CUSTOMER] === customer && (labels[PROJECT] ?? project) === project;
}

/** Whether an object says of any customer of any project that it is theirs. */
export function isMarked({ labels = {} }: FoundMetadata): boolean {
  return CUSTOMER in labels;
}

/** Labels and annotations by which those who install things know their own. */
const MARKS_OF_OTHERS = [
  // https://helm.sh/docs/chart_best_practices/labels/
  "meta.helm.sh/release-name",
  // https://fluxcd.io/flux/components/kustomize/kustomizations/
  "kustomize.toolkit.fluxcd.io/name",
  "helm.toolkit.fluxcd.io/name",
  // https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
  "argocd.argoproj.io/tracking-id",
  "argocd.argoproj.io/instance",
  // https://olm.operatorframework.io/docs/concepts/crds/operatorgroup/
  "olm.managed",
  "objectset.rio.cattle.io/id",
];

/** Whether an object says whose it is, and that is not the stack. */
export function isOthers(found: FoundMetadata, owner: Owner): boolean {
  if (isOwned(found, owner)) return false;
  const { labels = {}, annotations = {} } = found;
  return isMarked(found) || MARKS_OF_OTHERS.some((mark) => mark in labels || mark in annotations);
}

/** Whether the settings allow to take over an object. */
export function isAdopted(object: ObjectIdentity, adopted: readonly AdoptedObject[]): boolean {
  return adopted.some(
    ({ kind, namespace, name }) => kind === object.kind && namespace === object.namespace && name === object.name,
  );
}

/** An object as people write it: `Secret parse/keys`. */
export function written({ kind, namespace, name }: AdoptedObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** Who an object says it belongs to; empty where it says nothing. */
function ownerText({ labels = {} }: FoundMetadata): string {
  const customer = labels[CUSTOMER];
  if (customer !== undefined) {
    const project = labels[PROJECT];
    return ` (of the customer ${customer}${project === undefined ? "" : ` in the project ${project}`})`;
  }
  const manager = labels["app.kubernetes.io/managed-by"] ?? labels["app.kubernetes.io/part-of"];
  return manager === undefined ? "" : ` (of ${manager})`;
}

/** One sentence for objects that are somebody else's, with the two ways out. */
export function refusalOf(foreign: ReadonlyArray<{ object: ObjectIdentity; found: FoundMetadata }>): string {
  const list = foreign.map(({ object, found }) => `${written(object)}${ownerText(found)}`).join(", ");
  const [first] = foreign;
  const entry = first && entryOf(first.object);
  const [are, them] = foreign.length === 1 ? ["is", "it"] : ["are", "them"];
  return `The cluster has ${list}, which ${are} not this stack's: choose another name or namespace in the settings, or, to take ${them} over and have ${them} deleted with the stack, add ${foreign.length === 1 ? "" : "each as "}${entry} to onprem:site.adopt. Nothing was created.`;
}

function entryOf({ kind, namespace, name }: ObjectIdentity): string {
  const place = namespace === undefined ? "" : `namespace: ${namespace}, `;
  return `{kind: ${kind}, ${place}name: ${name}}`;
}
