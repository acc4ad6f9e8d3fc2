import type { CloudType } from "../cloud/cloud-type";
import { isActive } from "./clusters";
import { ofCluster } from "./tokens";

/** The repositories that every cluster has. */
const REPOSITORIES = ["rancher-charts", "rancher-partner-charts", "rancher-rke2-charts"];

function checkYaml(property: string, text: unknown) {
  if (typeof text !== "string") return [];
  // Loaded here, because a plugin must start fast and most of them never need it.
  const { parse } = require("yaml") as typeof import("yaml");
  try {
    const value: unknown = parse(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return [];
  } catch {
    // Told below.
  }
  return [{ property, reason: "must be a map in YAML" }];
}

/** Helm charts that Rancher installs. */
export const appTypes: { [token: string]: CloudType } = {
  "rancher2:index/appV2:AppV2": {
    id: "{clusterId}.{namespace}/{name}",
    references: [ofCluster],
    check: ({ values }) => checkYaml("values", values),
    computed: ({ clusterId, chartVersion, annotations, labels }) => ({
      ...{ clusterName: String(clusterId), chartVersion: chartVersion ?? "1.0.0", deploymentValues: "" },
      ...{ annotations: annotations ?? {}, labels: labels ?? {} },
    }),
    refuseCreate({ clusterId, repoName }, context) {
      if (!isActive(clusterId, context))
        return `[ERROR] Creating App V2: Cluster ID ${String(clusterId)} is not active`;
      if (REPOSITORIES.includes(String(repoName))) return undefined;
      return `[ERROR] Creating App V2: the repository ${String(repoName)} was not found in cluster ${String(clusterId)}`;
    },
  },
};
