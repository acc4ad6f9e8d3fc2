import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER } from "./resources";

/** NetworkPolicies are obeyed. */
export const clusterNetworkPolicies = resourcePolicy({
  name: "cluster-network-policies",
  description: "The cluster enforces NetworkPolicies; without that they are only words.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.6.7", "Ensure network policy is enabled"),
  link: links.gkeHardening,
  remedy: "Set datapathProvider to ADVANCED_DATAPATH.",
  types: [CLUSTER],
  *check({ props }) {
    if (props.datapathProvider === "ADVANCED_DATAPATH" || props.networkPolicy?.enabled === true) return;
    yield { property: "datapathProvider", problem: "enforces no NetworkPolicy", fix: "set it to ADVANCED_DATAPATH" };
  },
});
