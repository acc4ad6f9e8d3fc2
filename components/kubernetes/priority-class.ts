import * as pulumi from "@pulumi/pulumi";
import type { ClusterReader } from "./api-client";

/** Pods ask for a PriorityClass that the cluster does not have. */
export class PriorityClassError extends Error {
  /** Stable name of the error. */
  readonly code = "PRIORITY_CLASS_UNKNOWN";
  override readonly name = "PriorityClassError";
}

const CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses";

/**
 * Kubernetes makes no pod of an unknown PriorityClass, and deletes the pods that an update replaces before it tries.
 * @param setting path of the setting that names the class
 * @throws PriorityClassError with the classes that there are
 */
export async function requirePriorityClass(api: ClusterReader, name: string, setting: string): Promise<void> {
  let known: string[];
  try {
    const { items } = (await api.get(CLASSES)) as { items: Array<{ metadata: { name: string } }> };
    known = items.map(({ metadata }) => metadata.name);
  } catch {
    // Who may not list classes may still use them.
    return;
  }
  if (known.includes(name)) return;
  throw new PriorityClassError(
    `${setting}: the cluster has no PriorityClass "${name}"; it has ${known.sort().join(", ")}. Choose one of these, create it in the cluster first, or leave the setting out. Nothing of the release was changed.`,
  );
}

/**
 * Hooks that refuse a release before Helm begins where its pods ask for an unknown PriorityClass.
 * @param name unique in the program
 * @param api how to reach the cluster; called when a hook runs
 */
export function priorityClassHooks(
  name: string,
  priorityClass: string,
  setting: string,
  api: () => Promise<ClusterReader>,
): pulumi.ResourceHookBinding {
  const run = async () => requirePriorityClass(await api(), priorityClass, setting);
  return {
    beforeCreate: [new pulumi.ResourceHook(`${name}-priority-class-before-create`, run)],
    beforeUpdate: [new pulumi.ResourceHook(`${name}-priority-class-before-update`, run)],
  };
}
