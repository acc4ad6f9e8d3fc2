/** Names that several parts of GitOps share. Pure. */
import { platformLabels } from "../kubernetes/object-metadata";

/** Labels of every object of this component. */
export function commonLabels(customer: string): Record<string, string> {
  return platformLabels(customer, {
    "app.kubernetes.io/part-of": "flux",
    "app.kubernetes.io/managed-by": "onprem-platform",
  });
}
