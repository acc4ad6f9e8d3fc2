/** Metadata that objects of every domain share. Pure. */
import type { Input } from "@pulumi/pulumi";

/**
 * Annotation by which the program adopts an object that exists already: one that a killed run made and did not record, or
 * that outlived an earlier stack. See https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export const adoptExisting = { "pulumi.com/patchForce": "true" } as const;

/** Annotation by which the provider does not wait until an object is ready. */
export const skipAwait = { "pulumi.com/skipAwait": "true" } as const;

/** Label whose value is the customer's name. */
export const CUSTOMER_LABEL = "onprem.platform/customer";

/**
 * Labels of the objects that the platform makes.
 * @param more labels of a domain; they replace those of the same name
 */
export function platformLabels(customer: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { "app.kubernetes.io/part-of": "onprem-platform", [CUSTOMER_LABEL]: customer, ...more };
}

/** What the objects of one component have in common. */
export interface ObjectSurroundings {
  readonly namespace: Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Metadata of an object that the program adopts where it exists already.
 * @param annotations further ones
 */
export function objectMetadata(
  name: Input<string>,
  { namespace, labels }: ObjectSurroundings,
  annotations: Readonly<Record<string, Input<string>>> = {},
) {
  return { name, namespace, labels, annotations: { ...adoptExisting, ...annotations } };
}

/** Labels that hold a namespace's pods to a level of the Pod Security Standards: enforced, warned of and audited. */
export function podSecurityLabels(level: "privileged" | "baseline" | "restricted"): Record<string, string> {
  const labels = ["enforce", "warn", "audit"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]);
  return Object.fromEntries(labels);
}
