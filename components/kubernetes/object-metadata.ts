/** Metadata that objects of every domain share. Pure. */

/**
 * Annotation by which the program takes up an object that is there already: one that a killed run made and did not get to
 * record, or that outlived an earlier stack. See https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export const takenUp = { "pulumi.com/patchForce": "true" } as const;

/** Labels that hold a namespace's pods to a level of the Pod Security Standards: enforced, warned of and audited. */
export function podSecurityLabels(level: "privileged" | "baseline" | "restricted"): Record<string, string> {
  const labels = ["enforce", "warn", "audit"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]);
  return Object.fromEntries(labels);
}
