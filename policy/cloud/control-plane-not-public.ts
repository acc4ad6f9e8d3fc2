import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { knownFirst } from "../unknowns";
import { CLUSTER, everyone } from "./resources";

/** Who may reach a cluster's control plane is listed, and the list is not the world. */
export const controlPlaneNotPublic = resourcePolicy({
  name: "control-plane-not-public",
  description: "A cluster's control plane is reached only from listed networks.",
  level: "mandatory",
  severity: "critical",
  framework: cisGke("5.6.3", "Ensure control plane authorized networks is enabled"),
  link: links.gkeHardening,
  remedy: "List the operators' networks in onprem:cluster.authorisedNetworks.",
  types: [CLUSTER],
  *check({ props }) {
    const networks = props.masterAuthorizedNetworksConfig;
    const path = "masterAuthorizedNetworksConfig";
    if (!networks) {
      yield { property: path, problem: "is missing, so everybody may connect", fix: `set ${path} with cidrBlocks` };
      return;
    }
    if (networks.gcpPublicCidrsAccessEnabled !== false) {
      const property = `${path}.gcpPublicCidrsAccessEnabled`;
      yield { property, problem: "lets every virtual machine of Google Cloud's in", fix: "set it to false" };
    }
    for (const [block, index] of knownFirst<{ cidrBlock: string }>(networks.cidrBlocks)) {
      if (!everyone(block.cidrBlock)) continue;
      const property = `${path}.cidrBlocks[${index}].cidrBlock`;
      yield { property, problem: `is ${block.cidrBlock}`, fix: "name the operators' networks instead" };
    }
  },
});
