import { BlockList, isIPv4 } from "node:net";
import type { Problem } from "../problems";
import { formatPath, type PropertyPath } from "../property-path";
import type { Check } from "./check";

/** True if two ranges share an address. Ranges of different families never do. */
export function overlap(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

function contains(outer: string, inner: string): boolean {
  const [network = "", prefix] = outer.split("/");
  const [address = ""] = inner.split("/");
  if (isIPv4(network) !== isIPv4(address)) return false;
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
  return block.check(address, family);
}

/** True for a range that is the whole internet. */
export function isEverywhere(range: string): boolean {
  return range.endsWith("/0");
}

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
  const { podRange, controlPlaneRange } = cluster.network;
  if (!controlPlaneRange.endsWith("/28")) {
    problems.push({
      path: ["cluster", "network", "controlPlaneRange"],
      given: `"${controlPlaneRange}"`,
      allowed: "a /28",
      wayOut: `pulumi config set --path 'onprem:cluster.network.controlPlaneRange' ${controlPlaneRange.split("/")[0]}/28`,
    });
  }
  const most = 2 ** Math.max(0, 24 - Number(podRange.split("/")[1])) * (Number(podRange.split("/")[1]) > 24 ? 0 : 1);
  if (most < cluster.nodes) {
    problems.push({
      path: ["cluster", "network", "podRange"],
      given: `"${podRange}", enough for ${most} nodes`,
      allowed: `a range with a /24 for each of ${cluster.nodes} nodes`,
      wayOut: "give a larger range; it cannot be changed later",
      involves: [["cluster", "nodes"]],
    });
  }
  return [...problems, ...openControlPlane(cluster.authorisedNetworks, cluster.acknowledgePublicControlPlane)];
};

interface NamedRange {
  path: PropertyPath;
  range: string;
}

function overlapProblem(one: NamedRange, other: NamedRange): Problem[] {
  if (!overlap(one.range, other.range)) return [];
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
  return networks.flatMap(({ range }, index) =>
    isEverywhere(range)
      ? [
          {
            path: ["cluster", "authorisedNetworks", index, "range"],
            given: `"${range}": the control plane open to the whole internet`,
            allowed: "the ranges of those who operate the cluster",
            wayOut:
              "name their ranges; if it is meant: pulumi config set --path 'onprem:cluster.acknowledgePublicControlPlane' true",
            involves: [["cluster", "acknowledgePublicControlPlane"]],
          },
        ]
      : [],
  );
}
