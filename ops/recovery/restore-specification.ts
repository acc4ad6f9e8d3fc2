import { DATABASE } from "./application";

/** What is brought back: the application's namespace, or the database in it with its volumes. */
export type Extent = "namespace" | "database";

/** What a restore is to do. */
export interface RestoreWish {
  readonly backup: string;
  /** The application's namespace in the backup. */
  readonly application: string;
  readonly extent: Extent;
}

/** Specification of Velero's Restore. The database's pod comes from the backup too: Velero fills its volume. Pure. */
export function restoreSpecification({ backup, application, extent }: RestoreWish): object {
  const all = { backupName: backup, includedNamespaces: [application] };
  if (extent === "namespace") return all;
  return {
    ...all,
    includedResources: ["persistentvolumeclaims", "persistentvolumes", "pods", "statefulsets.apps"],
    labelSelector: { matchLabels: DATABASE },
  };
}
