import { stackPolicy } from "../definition";
import { ours } from "../frameworks";
import { fewestPods, replicasProperty, titleOf } from "./workloads";

/** One lost pod is not an outage. */
export const workloadsRedundant = stackPolicy<{ singletons: string[] }>({
  name: "workloads-redundant",
  description: "In production, what serves requests runs as two pods or more.",
  level: "mandatory",
  severity: "high",
  framework: ours("One lost node is no outage"),
  link: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
  remedy: "Raise the replicas, or the autoscaler's minimum, in the settings.",
  thresholds: {
    singletons: {
      type: "array",
      items: { type: "string" },
      description: "Deployments that are one by nature: they work alone, and a second one would wait or do harm.",
      default: [
        "velero",
        "minio",
        "seaweedfs",
        "versitygw",
        "parse-server-dashboard",
        "grafana",
        "kube-state-metrics",
        "blackbox-exporter",
      ],
    },
  },
  *check(stack, { settings, thresholds }) {
    if (!settings.production) return;
    for (const workload of stack.manifests) {
      if (workload.kind !== "Deployment" || thresholds.singletons.includes(workload.name)) continue;
      const pods = fewestPods(workload, stack);
      if (pods >= 2) continue;
      yield {
        property: replicasProperty(workload),
        problem: `is ${pods}`,
        fix: "set 2 or more",
        object: titleOf(workload),
        urn: workload.resource.urn,
      };
    }
  },
});
