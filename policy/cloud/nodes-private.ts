import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER, NODE_POOL } from "./resources";

/** Nodes have no public addresses. */
export const nodesPrivate = resourcePolicy({
  name: "nodes-private",
  description: "Nodes of a cluster have no public addresses.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.6.5", "Ensure clusters are created with private nodes"),
  link: links.gkeHardening,
  remedy: "Set privateClusterConfig.enablePrivateNodes on the cluster.",
  types: [CLUSTER, NODE_POOL],
  *check({ type, props }) {
    const isCluster = type === CLUSTER;
    const property = isCluster ? "privateClusterConfig.enablePrivateNodes" : "networkConfig.enablePrivateNodes";
    const given = isCluster ? props.privateClusterConfig?.enablePrivateNodes : props.networkConfig?.enablePrivateNodes;
    // A node pool that says nothing follows its cluster.
    if (given === true || (!isCluster && given === undefined)) return;
    yield { property, problem: "is not true: nodes get public addresses", fix: "set it to true" };
  },
});
