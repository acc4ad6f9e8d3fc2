/** Names that several parts of GitOps share. Pure. */

/** Labels of every object of this component. */
export function commonLabels(customer: string): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "flux",
    "app.kubernetes.io/managed-by": "onprem-platform",
    "onprem.platform/customer": customer,
  };
}
