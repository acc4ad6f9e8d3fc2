import { openRanges } from "../../components/grammars/addresses";
import { type Properties, resourcePolicy } from "../definition";
import { cisGoogleCloud, links } from "../frameworks";
import { knownOf, requireKnown } from "../unknowns";
import { FIREWALL } from "./resources";

function openPorts({ protocol, ports }: Properties, allowed: readonly number[]): string[] {
  if (protocol === "icmp") return [];
  if (protocol !== "tcp" || !ports?.length) return [protocol === "all" ? "every port" : `every ${protocol} port`];
  return ports.filter((port: string) => !allowed.includes(Number(port)));
}

/** The Internet reaches HTTPS, and port 80 for certificates. */
export const firewallNotOpen = resourcePolicy<{ publicPorts: number[] }>({
  name: "firewall-not-open",
  description: "The whole Internet reaches port 443 alone, and port 80 for ACME and redirection.",
  level: "mandatory",
  severity: "critical",
  framework: cisGoogleCloud("3.6, 3.7", "Ensure that SSH and RDP access is restricted from the Internet"),
  link: links.googleCloud,
  remedy: "List the networks that need the port in sourceRanges.",
  thresholds: {
    publicPorts: {
      type: "array",
      items: { type: "integer" },
      description: "TCP ports that everybody may reach.",
      default: [443, 80],
    },
  },
  types: [FIREWALL],
  *check({ props }, { thresholds }) {
    if (props.direction === "EGRESS" || props.disabled === true || !props.allows) return;
    const allows: Properties[] = props.allows;
    const open = allows.flatMap((allow) => openPorts(allow, thresholds.publicPorts));
    if (open.length === 0) return;
    const fix = "list the networks that need it in sourceRanges";
    if (!props.sourceRanges && !props.sourceTags && !props.sourceServiceAccounts) {
      yield { property: "sourceRanges", problem: `is missing, so everybody reaches ${open.join(", ")}`, fix };
    }
    const known = knownOf<string>(props.sourceRanges);
    const opening = openRanges(known.map(([range]) => range)).flatMap((place) => known.slice(place, place + 1));
    for (const [range, index] of opening) {
      yield { property: `sourceRanges[${index}]`, problem: `is ${range} and reaches ${open.join(", ")}`, fix };
    }
    requireKnown(props.sourceRanges);
  },
});
