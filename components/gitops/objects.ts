/** Flux's own objects: what is followed, and what is applied. Pure. */
import type { Kustomization, Repository } from "./args";

/** apiVersion of a GitRepository. */
export const SOURCE_API = "source.toolkit.fluxcd.io/v1";
/** apiVersion of a Kustomization. */
export const KUSTOMIZE_API = "kustomize.toolkit.fluxcd.io/v1";

/** A failed attempt is made again after this long, whatever the interval. */
const RETRY_INTERVAL = "30s";

/**
 * Specification of a GitRepository.
 * @param secretName Secret with the login; absent for an anonymous one
 */
export function repositorySpec({ branch, interval, timeout, url }: Repository, suspend: boolean, secretName?: string) {
  return {
    url,
    ref: { branch },
    interval,
    timeout,
    suspend,
    ...(secretName === undefined ? {} : { secretRef: { name: secretName } }),
  };
}

/** Specification of a Kustomization. It outlives its own deletion: what it applied stays in the cluster. */
export function kustomizationSpec(kustomization: Kustomization, suspend: boolean) {
  const { dependsOn, interval, path, prune, repository, targetNamespace, timeout, wait } = kustomization;
  return {
    sourceRef: { kind: "GitRepository", name: repository },
    path,
    interval,
    retryInterval: RETRY_INTERVAL,
    timeout,
    prune,
    // With `prune` alone, the deletion of a Kustomization deletes all that it ever applied.
    deletionPolicy: "Orphan",
    wait,
    suspend: suspend || kustomization.suspend,
    ...(targetNamespace === undefined ? {} : { targetNamespace }),
    ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.map((name) => ({ name })) }),
  };
}

/** Kustomizations so that each comes after those that it depends on. The settings' check allows no circles. */
export function inOrder(kustomizations: readonly Kustomization[]): Kustomization[] {
  const ordered = new Set<Kustomization>();
  const add = (kustomization: Kustomization) => {
    if (ordered.has(kustomization)) return;
    for (const other of kustomizations) if (kustomization.dependsOn.includes(other.name)) add(other);
    ordered.add(kustomization);
  };
  for (const kustomization of kustomizations) add(kustomization);
  return [...ordered];
}
