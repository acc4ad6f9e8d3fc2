/** What the pods of more than one domain have in common. Pure. */

/** CPU and memory as Kubernetes quantities. */
export interface Resources {
  /** What the scheduler reserves. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What the kernel enforces. Absent CPU: as much as the node has left. */
  readonly limits: { readonly cpu: string | undefined; readonly memory: string };
}

/** A container without any privilege. */
export const unprivileged = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Filter of system calls that the container runtime brings along. */
export const runtimeSeccomp = { seccompProfile: { type: "RuntimeDefault" } };

/** Security context of a pod that runs as this user and writes to no volume. */
export function runAsUser(user: number) {
  return { runAsNonRoot: true, runAsUser: user, ...runtimeSeccomp };
}

/** Security context of a pod that runs as this user, and whose volumes that user may write to. */
export function runAs(user: number) {
  return { ...runAsUser(user), runAsGroup: user, fsGroup: user, fsGroupChangePolicy: "OnRootMismatch" };
}

/** Resources of a container that needs next to nothing. */
export const small = (memoryLimit = "64Mi"): Resources => ({
  requests: { cpu: "10m", memory: "24Mi" },
  limits: { cpu: undefined, memory: memoryLimit },
});

/** The resources as Kubernetes wants them. */
export function resourcesOf({ requests, limits: { cpu, memory } }: Resources) {
  return { requests: { ...requests }, limits: { ...(cpu === undefined ? {} : { cpu }), memory } };
}

/** User of pods whose image names none: a number that no image gives a meaning to. */
export const UNPRIVILEGED_USER = 65_532;
