import { openRanges, rangesOverlap, readAddressRange } from "../../grammars/addresses";
import type { Problem } from "../problems";
import { formatPath, type PropertyPath } from "../property-path";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";

/** Ranges that overlap, are too small, or open the control plane to the world. */
export const checkNetwork: Check = ({ cluster, rancher }) => {
  const ranges: { path: PropertyPath; range: string }[] = [];
  if (cluster?.kind === "gke") {
    for (const [name, range] of Object.entries(cluster.network))
      ranges.push({ path: ["cluster", "network", name], range });
  }
  if (rancher) ranges.push({ path: ["rancher", "networkRange"], range: rancher.networkRange });
  const problems = ranges.flatMap((one, index) =>
    ranges.slice(index + 1).flatMap((other) => overlapProblem(one, other)),
  );
  if (cluster?.kind !== "gke") return problems;
  return [
    ...problems,
    ...checkSizes(cluster),
    ...ranges.flatMap(fromFirstAddress),
    ...openControlPlane(cluster.authorisedNetworks, cluster.acknowledgePublicControlPlane),
  ];
};

type Gke = Extract<OpenSettings["cluster"], { kind: "gke" }>;

const prefixOf = (range: string): number => readAddressRange(range).value?.prefix ?? 0;

/** Addresses that Google keeps of each subnet: https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet */
const KEPT_ADDRESSES = 4;

function checkSizes({ network, nodes }: Gke): Problem[] {
  const { controlPlaneRange, nodeRange, podRange } = network;
  const problems: Problem[] = [];
  if (prefixOf(controlPlaneRange) !== 28) {
    problems.push({
      path: ["cluster", "network", "controlPlaneRange"],
      given: `"${controlPlaneRange}"`,
      allowed: "a /28",
      wayOut: `pulumi config set --path 'onprem:cluster.network.controlPlaneRange' ${controlPlaneRange.split("/")[0]}/28`,
    });
  }
  const sizes = [
    { name: "nodeRange", range: nodeRange, most: 2 ** (32 - prefixOf(nodeRange)) - KEPT_ADDRESSES, each: "an address" },
    { name: "podRange", range: podRange, most: Math.floor(2 ** (24 - prefixOf(podRange))), each: "a /24" },
  ];
  for (const { each, most, name, range } of sizes) {
    if (most >= nodes) continue;
    problems.push({
      path: ["cluster", "network", name],
      given: `"${range}", enough for ${Math.max(0, most)} nodes`,
      allowed: `a range with ${each} for each of ${nodes} nodes`,
      wayOut: "give a larger range; it cannot be changed later",
      involves: [["cluster", "nodes"]],
    });
  }
  return problems;
}

/** Google takes a subnet's range by its first address only. */
function fromFirstAddress({ path, range }: NamedRange): Problem[] {
  const { value } = readAddressRange(range);
  if (value === undefined || value.fromFirst) return [];
  return [
    {
      path,
      given: `"${range}", whose address is not the first of the range`,
      allowed: `a range by its first address`,
      wayOut: `pulumi config set --path '${formatPath(path)}' ${firstAddress(value.first)}/${value.prefix}`,
    },
  ];
}

const firstAddress = (address: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");

interface NamedRange {
  path: PropertyPath;
  range: string;
}

function overlapProblem(one: NamedRange, other: NamedRange): Problem[] {
  if (!rangesOverlap(one.range, other.range)) return [];
  return [
    {
      path: one.path,
      given: `"${one.range}", which overlaps ${formatPath(other.path)} "${other.range}"`,
      allowed: "ranges that share no address",
      wayOut: "move one of the two",
      involves: [other.path],
    },
  ];
}

function openControlPlane(networks: readonly { range: string }[], acknowledged: boolean): Problem[] {
  if (acknowledged) return [];
  return openRanges(networks.map(({ range }) => range)).map((index) => ({
    path: ["cluster", "authorisedNetworks", index, "range"],
    given: `"${networks[index]?.range}": the control plane open to the whole internet, or half of it`,
    allowed: "the ranges of those who operate the cluster",
    wayOut:
      "name their ranges; if it is meant: pulumi config set --path 'onprem:cluster.acknowledgePublicControlPlane' true",
    involves: [["cluster", "acknowledgePublicControlPlane"]],
  }));
}
