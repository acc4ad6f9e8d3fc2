import { openRanges } from "../../components/grammars/addresses";
import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { isUnknown, knownOf, plain, requireKnown } from "../unknowns";
import { CLUSTER } from "./resources";

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
    const blocks = knownOf<{ cidrBlock: string }>(networks.cidrBlocks);
    const known = blocks.filter(([block]) => !isUnknown(plain(block).cidrBlock));
    const opening = openRanges(known.map(([block]) => block.cidrBlock)).flatMap((place) =>
      known.slice(place, place + 1),
    );
    for (const [block, index] of opening) {
      const property = `${path}.cidrBlocks[${index}].cidrBlock`;
      yield { property, problem: `is ${block.cidrBlock}`, fix: "name the operators' networks instead" };
    }
    requireKnown(networks.cidrBlocks);
    requireKnown(blocks.map(([block]) => block.cidrBlock));
  },
});
