import { resourcePolicy } from "../definition";
import { cisGke } from "../frameworks";
import { CLUSTER, NODE_POOL } from "./resources";

/** Pods get identities of their own, not the node's. */
export const workloadIdentity = resourcePolicy({
  name: "workload-identity",
  description: "Pods use identities of their own; the node's credentials are out of their reach.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.2.2", "Prefer using dedicated service accounts and workload identity"),
  link: "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
  remedy: "Set workloadIdentityConfig on the cluster and GKE_METADATA on its node pools.",
  types: [CLUSTER, NODE_POOL],
  *check({ type, props }) {
    if (type === CLUSTER) {
      if (props.workloadIdentityConfig?.workloadPool) return;
      const property = "workloadIdentityConfig.workloadPool";
      yield { property, problem: "is missing", fix: "set it to PROJECT.svc.id.goog" };
    } else if (props.nodeConfig?.workloadMetadataConfig?.mode !== "GKE_METADATA") {
      const property = "nodeConfig.workloadMetadataConfig.mode";
      yield { property, problem: "lets pods read the node's credentials", fix: "set it to GKE_METADATA" };
    }
  },
});
