/** What the pods of more than one domain have in common. Pure. */

/** CPU and memory as Kubernetes quantities. */
interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** A container without any privilege. */
export const unprivileged = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A pod that runs as this user, and whose volumes that user may write to. */
export function runAs(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Resources of a container that does next to nothing. */
export const small = (memory = "64Mi"): Resources => ({
  requests: { cpu: "10m", memory: "24Mi" },
  limits: { memory },
});

/** The resources as Kubernetes wants them. */
export function resourcesOf({ requests, limits }: Resources) {
  return { requests: { ...requests }, limits: { ...limits } };
}

/** The pod's own service-account user id of images without one: nobody's. */
export const UNPRIVILEGED_USER = 65_532;
