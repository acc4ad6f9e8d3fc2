import { resourcePolicy } from "../definition";
import { cisGoogleCloud } from "../frameworks";
import { SERVICE_ACCOUNT_KEY } from "./resources";

/** No key where an identity does. */
export const serviceAccountKeysAvoided = resourcePolicy<{ parents: string[] }>({
  name: "service-account-keys-avoided",
  description: "Service-account keys are made only for what cannot use an identity.",
  level: "mandatory",
  severity: "high",
  framework: cisGoogleCloud("1.4", "Ensure that there are only GCP-managed service account keys"),
  link: "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
  remedy: "Use workload identity, or the service account of the virtual machine.",
  thresholds: {
    parents: {
      type: "array",
      items: { type: "string" },
      description: "Components that may hold a key: Rancher reaches GKE's API with nothing else.",
      default: ["onprem:rancher:"],
    },
  },
  types: [SERVICE_ACCOUNT_KEY],
  *check({ parent }, { thresholds }) {
    if (thresholds.parents.some((allowed) => parent.includes(allowed))) return;
    const fix = "use workload identity or the machine's service account in its place";
    yield { property: "serviceAccountId", problem: "gets a key that never expires", fix };
  },
});
