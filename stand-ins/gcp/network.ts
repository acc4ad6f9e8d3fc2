import { BlockList, isIP } from "node:net";
import { type CloudType, valuesAt } from "../cloud/cloud-type";
import { addressIn, externalAddress } from "../cloud/deterministic";
import type { PropertyMap } from "../plugin/property-values";
import { shortLink } from "../schema/difference";
import { lastPart, projectOf } from "./projects";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const ADDRESS = "gcp:compute/address:Address";
const ROUTER = "gcp:compute/router:Router";

/** Networks that every project has, or that belong to another project, are not in the ledger. */
export const networkReference = (path: string) =>
  ({ path, to: NETWORK, builtIn: (value: string) => lastPart(value) === "default" }) as const;
export const subnetworkReference = (path: string) =>
  ({ path, to: SUBNETWORK, builtIn: (value: string) => lastPart(value) === "default" }) as const;

function overlaps(one: string, other: string): boolean {
  const [first, second] = [one, other].map((range) => range.split("/") as [string, string]) as [
    [string, string],
    [string, string],
  ];
  const family = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
  if (family(first[0]) !== family(second[0])) return false;
  const contains = (range: [string, string], address: string): boolean => {
    const list = new BlockList();
    list.addSubnet(range[0], Number(range[1]), family(range[0]));
    return list.check(address, family(address));
  };
  return contains(first, second[0]) || contains(second, first[0]);
}

function rangesOf(subnetwork: PropertyMap): string[] {
  return [...valuesAt(subnetwork, "ipCidrRange"), ...valuesAt(subnetwork, "secondaryIpRanges.ipCidrRange")].map(String);
}

/** The name of a resource as the API allows it. */
export function checkName({ name }: PropertyMap) {
  if (typeof name !== "string" || /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return [];
  const reason = `must be 1-63 lower-case letters, digits and hyphens and start with a letter, not "${name}"`;
  return [{ property: "name", reason }];
}

function checkRange(property: string, range: unknown) {
  if (typeof range !== "string") return [];
  const [address = "", bits = ""] = range.split("/");
  if (isIP(address) !== 0 && /^[0-9]{1,3}$/.test(bits)) return [];
  return [{ property, reason: `must be a range such as 10.0.0.0/20, not ${JSON.stringify(range)}` }];
}

/** Networks and what leads in and out of them. */
export const networkTypes: { [token: string]: CloudType } = {
  [NETWORK]: { id: "projects/{project}/global/networks/{name}", check: checkName },
  [SUBNETWORK]: {
    id: "projects/{project}/regions/{region}/subnetworks/{name}",
    references: [networkReference("network")],
    check: (inputs) => [...checkName(inputs), ...checkRange("ipCidrRange", inputs.ipCidrRange)],
    computed: ({ ipCidrRange }) => ({ gatewayAddress: String(ipCidrRange).replace(/\.[0-9]+\/.*$/, ".1") }),
    refuseCreate(properties, { content }) {
      for (const { type, properties: other, id } of content.resources) {
        if (type !== SUBNETWORK || lastPart(other.network) !== lastPart(properties.network)) continue;
        const clash = rangesOf(properties).find((range) => rangesOf(other).some((taken) => overlaps(range, taken)));
        if (clash)
          return `googleapi: Error 400: Invalid IPCidrRange: ${clash} conflicts with existing subnetwork '${id}', invalid`;
      }
      return undefined;
    },
    // A range can grow in place, not shrink (customdiff IsShrinkageIpCidr of the official provider).
    replaces(old, { ipCidrRange }) {
      const bits = (range: unknown): number => Number(String(range).split("/")[1]);
      const grows =
        bits(ipCidrRange) <= bits(old.ipCidrRange) && overlaps(String(ipCidrRange), String(old.ipCidrRange));
      return grows ? [] : ["ipCidrRange"];
    },
  },
  [ADDRESS]: {
    id: "projects/{project}/regions/{region}/addresses/{name}",
    references: [subnetworkReference("subnetwork"), networkReference("network")],
    check: checkName,
    computed(properties, { content }, id) {
      const inside = content.resources.find(
        ({ type, id: other }) => type === SUBNETWORK && other === shortLink(String(properties.subnetwork)),
      );
      const taken = content.resources.map((entry) => (entry.id === id ? undefined : entry.properties.address));
      const draw = (attempt: number): string => {
        const seed = `${id} ${attempt}`;
        const drawn = inside ? addressIn(String(inside.properties.ipCidrRange), seed) : externalAddress(seed);
        return taken.includes(drawn) ? draw(attempt + 1) : drawn;
      };
      return { address: properties.address ?? draw(0), networkTier: properties.networkTier ?? "PREMIUM" };
    },
    refuseCreate({ address }, { content }) {
      const taken = content.resources.find((entry) => entry.type === ADDRESS && entry.properties.address === address);
      return taken ? `googleapi: Error 400: Specified IP address is already reserved: ${taken.id}, invalid` : undefined;
    },
  },
  "gcp:compute/firewall:Firewall": {
    id: "projects/{project}/global/firewalls/{name}",
    references: [networkReference("network")],
    check: (inputs) => [
      ...checkName(inputs),
      ...valuesAt(inputs, "sourceRanges").flatMap((range) => checkRange("sourceRanges", range)),
      ...(inputs.allows === undefined && inputs.denies === undefined
        ? [{ property: "allows", reason: "one of allows and denies is required" }]
        : []),
    ],
    computed: ({ direction }) => ({ direction: direction ?? "INGRESS" }),
  },
  [ROUTER]: {
    id: "projects/{project}/regions/{region}/routers/{name}",
    references: [networkReference("network")],
    check: checkName,
  },
  "gcp:compute/routerNat:RouterNat": {
    id: (properties, context) =>
      [projectOf(properties, context), properties.region, lastPart(properties.router), properties.name].join("/"),
    references: [
      { path: "router", to: ROUTER },
      { path: "natIps", to: ADDRESS, exclusive: "address" },
    ],
    check: checkName,
  },
};
