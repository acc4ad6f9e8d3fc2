import type { NamespaceOwnership } from "../kubernetes/namespace";

/** What a run leaves for the next one, for the stack's output `ownership`. */
export interface OwnershipRecord {
  /** Fingerprint of the names of all objects: a run with the same ones creates none that was not checked. */
  readonly objects: string;
  /** Whose the namespaces were. */
  readonly namespaces: NamespaceOwnership;
}
