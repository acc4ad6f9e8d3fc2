import type { Manifest, StackFacts } from "../definition";

/** How many pods a workload keeps at least: its replicas, or its autoscaler's minimum. */
export function fewestPods(workload: Manifest, { manifests }: StackFacts): number {
  const scaler = manifests.find(
    ({ kind, namespace, object }) =>
      kind === "HorizontalPodAutoscaler" &&
      namespace === workload.namespace &&
      object.spec?.scaleTargetRef?.kind === workload.kind &&
      object.spec?.scaleTargetRef?.name === workload.name,
  );
  return scaler ? (scaler.object.spec?.minReplicas ?? 1) : (workload.object.spec?.replicas ?? 1);
}

/** Where a workload's number of pods is set. */
export function replicasProperty({ object }: Manifest): string {
  return object.spec?.replicas === undefined ? "spec.minReplicas of its autoscaler" : "spec.replicas";
}

/** Name of an object as a finding shows it. */
export function titleOf({ kind, name, namespace }: Manifest): string {
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}
