import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { BUCKET, CLUSTER, DISK, INSTANCE } from "./resources";

const LABELS_PROPERTY: Readonly<Record<string, string>> = {
  [CLUSTER]: "resourceLabels",
  [INSTANCE]: "labels",
  [DISK]: "labels",
  [BUCKET]: "labels",
  "gcp:compute/address:Address": "labels",
  "gcp:secretmanager/secret:Secret": "labels",
};

/** Every cost and every machine leads to its customer. */
export const labelsPresent = resourcePolicy<{ labels: string[] }>({
  name: "labels-present",
  description: "Cloud resources carry the labels that lead to their customer.",
  level: "mandatory",
  severity: "low",
  framework: ours("Every cloud resource says whose it is"),
  link: "https://cloud.google.com/resource-manager/docs/labels-overview",
  remedy: "Give the resource the platform's labels.",
  thresholds: {
    labels: {
      type: "array",
      items: { type: "string" },
      description: "Labels that must be there.",
      default: ["customer", "managed-by"],
    },
  },
  types: Object.keys(LABELS_PROPERTY),
  *check({ type, props }, { settings, thresholds }) {
    const property = LABELS_PROPERTY[type] ?? "labels";
    const labels = props[property] ?? {};
    const missing = thresholds.labels.filter((label) => labels[label] === undefined);
    if (missing.length > 0) {
      yield { property, problem: `lacks ${missing.join(", ")}`, fix: "give it the platform's labels" };
    }
    if (settings.customer && labels.customer !== undefined && labels.customer !== settings.customer) {
      const problem = `is ${labels.customer}, the stack's customer is ${settings.customer}`;
      yield { property: `${property}.customer`, problem, fix: "take it from the settings" };
    }
  },
});
