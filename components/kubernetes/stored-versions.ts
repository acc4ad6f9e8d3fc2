/**
 * In which versions a cluster stores the objects of a kind, and what has to be rewritten before the kind's definition may
 * forget one. Pure. What is done is what Flux's own command does:
 * https://github.com/fluxcd/flux2/blob/v2.9.4/cmd/flux/migrate.go
 */

import { ProgramError } from "../errors/program-error";
import type { ObjectPatch } from "./api-client";

/** Objects of a kind cannot be brought into a version that the new definition knows. */
export class StoredVersionsError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "STORED_VERSIONS";
  override readonly name = "StoredVersionsError";
}

/** A version of a kind, as far as it matters here. */
export interface DefinitionVersion {
  readonly name: string;
  /** Objects are written in this one. One version of a definition is. */
  readonly storage: boolean;
}

/** A CustomResourceDefinition as the cluster has it. */
export interface Definition {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly scope: "Namespaced" | "Cluster";
    readonly versions: readonly DefinitionVersion[];
  };
  /** Versions in which an object may be stored. The API server adds to it, and leaves the removing to whoever rewrote all. */
  readonly status?: { readonly storedVersions?: readonly string[] };
}

/** What has to happen before a definition may forget versions. */
export interface Migration {
  /** Name of the definition. */
  readonly definition: string;
  /** Versions in which objects may be stored, and which the new definition lacks. */
  readonly lost: readonly string[];
  /** Version in which the cluster stores what is written now. */
  readonly target: string;
  /** API path of the kind at the version {@link target}, up to the plural or the namespace. */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** State of the definition that this was concluded from. */
  readonly resourceVersion: string;
}

/** An object of the kind, as far as it matters here. */
export interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
    readonly managedFields?: readonly { readonly apiVersion?: string }[];
  };
}

/** API path of a definition. */
export function definitionPath(name: string): string {
  return `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
}

/**
 * What has to happen before the definition may be the new one; nothing where it lacks no stored version.
 * @param present the definition as the cluster has it
 * @param next versions of the new one
 * @throws StoredVersionsError when the cluster goes on writing in a version that the new one lacks
 */
export function migrationTo(present: Definition, next: readonly DefinitionVersion[]): Migration | undefined {
  const known = next.map(({ name }) => name);
  const lost = (present.status?.storedVersions ?? []).filter((version) => !known.includes(version));
  if (lost.length === 0) return undefined;
  const { group, names, scope, versions } = present.spec;
  const definition = present.metadata.name;
  const target = versions.find(({ storage }) => storage)?.name ?? "";
  if (!known.includes(target)) {
    throw new StoredVersionsError(
      `The cluster stores ${names.kind} objects as ${target}, and the new ${definition} knows only ${known.join(", ")}: nothing was changed. Go by way of a release that knows both, or take one that knows ${target}.`,
    );
  }
  return {
    definition,
    lost,
    target,
    base: `/apis/${group}/${target}`,
    plural: names.plural,
    namespaced: scope === "Namespaced",
    resourceVersion: present.metadata.resourceVersion,
  };
}

/** API path of one page of all objects of the kind. */
export function listPath({ base, plural }: Migration, limit: number, continued = ""): string {
  const query = new URLSearchParams({ limit: `${limit}`, ...(continued === "" ? {} : { continue: continued }) });
  return `${base}/${plural}?${query}`;
}

/** API path of an object. */
export function objectPath({ base, namespaced, plural }: Migration, { metadata }: StoredObject): string {
  const place = namespaced ? `/namespaces/${metadata.namespace}` : "";
  return `${base}${place}/${plural}/${metadata.name}`;
}

/**
 * The change by which the API server writes an object anew in the present version. An object that is stored in it already
 * is not written by it. Who manages which field is noted with a version too; where that one goes, its note moves along.
 */
export function rewriting({ base, lost, target }: Migration, { metadata }: StoredObject): ObjectPatch {
  const group = base.split("/")[2];
  const forgotten = lost.filter((version) => version !== target).map((version) => `${group}/${version}`);
  const { managedFields = [], resourceVersion } = metadata;
  const isForgotten = ({ apiVersion = "" }) => forgotten.includes(apiVersion);
  if (!managedFields.some(isForgotten)) return { merge: {} };
  const moved = managedFields.map((entry) =>
    isForgotten(entry) ? { ...entry, apiVersion: `${group}/${target}` } : entry,
  );
  // A patch without the state it was made from would undo what another wrote in the meantime.
  return {
    steps: [
      { op: "replace", path: "/metadata/managedFields", value: moved },
      { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ],
  };
}

/** The change of a definition's status once every object was rewritten; refused when the definition has changed since. */
export function withoutOldVersions({ resourceVersion, target }: Migration): ObjectPatch {
  return { merge: { metadata: { resourceVersion }, status: { storedVersions: [target] } } };
}
