import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { knownFirst } from "../unknowns";
import { CLUSTER } from "./resources";

/** What happened in the cluster can be read afterwards. */
export const clusterLogs = resourcePolicy<{ components: string[] }>({
  name: "cluster-logs",
  description: "The cluster's control plane and workloads write logs that outlive them.",
  level: "mandatory",
  severity: "medium",
  framework: cisGke("5.7.1", "Ensure logging and cloud monitoring is enabled"),
  link: links.gkeHardening,
  remedy: "Name the components in loggingConfig.enableComponents.",
  thresholds: {
    components: {
      type: "array",
      items: { type: "string" },
      description: "Components whose logs are kept.",
      default: ["SYSTEM_COMPONENTS"],
    },
  },
  types: [CLUSTER],
  *check({ props }, { thresholds }) {
    // Google's default keeps system and workload logs.
    if (props.loggingConfig === undefined && props.loggingService !== "none") return;
    const kept = [...knownFirst<string>(props.loggingConfig?.enableComponents)].map(([component]) => component);
    const missing = thresholds.components.filter((component) => !kept.includes(component));
    if (missing.length === 0) return;
    const property = "loggingConfig.enableComponents";
    yield { property, problem: `lacks ${missing.join(", ")}`, fix: "add what is missing" };
  },
});
