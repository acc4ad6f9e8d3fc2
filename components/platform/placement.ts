/**
 * Settings that say where and what the protected parts of a stack are. Another value of one of them is another cluster,
 * VM or disk, without what is on the one that is there; so each is refused while the protection is on.
 *
 * The engine refuses most of these replacements itself, but speaks of flags in a program; and what it does not see
 * coming (a subnet's range is changed under a cluster) Google would refuse in the middle of `pulumi up`.
 */

import { ProgramError } from "../errors/program-error";
import { rangesOverlap } from "../grammars/addresses";
import type { ClusterSettings, RancherSettings, Settings } from "../settings";

/** A protected part of a stack. */
export interface PlacedPart {
  /** Whether it may be neither deleted nor replaced. */
  readonly deletionProtection: boolean;
  /** The settings that say where and what it is, by path, such as `onprem:cluster.region`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The protected parts of a stack, for its output `placement`. */
export interface Placement {
  /** A GKE cluster. */
  readonly cluster?: PlacedPart;
  /** Rancher's VM, its disk and its address. */
  readonly rancher?: PlacedPart;
}

/** The settings would replace or delete what is protected. */
export class ProtectedReplacementError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "PROTECTED_REPLACEMENT";
  override readonly name = "ProtectedReplacementError";
}

type Part = keyof Placement;
type Gke = Extract<ClusterSettings, { kind: "gke" }>;

/** What is lost with each part. */
const LOST: Record<Part, string> = {
  cluster: "the GKE cluster, with everything in it",
  rancher: "Rancher's VM, its disk or its address",
};

/** The placement that settings ask for. */
export function placementOf({ cluster, customer, rancher }: Settings): Placement {
  return {
    ...(cluster.kind === "gke" && { cluster: placedCluster(customer, cluster) }),
    ...(rancher && { rancher: placedRancher(customer, rancher) }),
  };
}

function placedCluster(customer: string, cluster: Gke): PlacedPart {
  const { availability, deletionProtection, kind, network, project, region, zones } = cluster;
  const ranges = Object.entries(network).map(([name, range]) => [`onprem:cluster.network.${name}`, range]);
  return {
    deletionProtection,
    settings: {
      "onprem:customer": customer,
      "onprem:cluster.kind": kind,
      "onprem:cluster.project": project,
      "onprem:cluster.region": region,
      "onprem:cluster.availability": availability,
      ...(availability === "zonal" && { "onprem:cluster.zones[0]": zones?.[0] ?? "" }),
      ...Object.fromEntries(ranges),
    },
  };
}

function placedRancher(customer: string, rancher: RancherSettings): PlacedPart {
  const { dataDiskSizeGb, deletionProtection, hostname, networkRange, project, zone } = rancher;
  return {
    deletionProtection,
    settings: {
      "onprem:customer": customer,
      "onprem:rancher.project": project,
      "onprem:rancher.hostname": hostname,
      "onprem:rancher.zone": zone,
      "onprem:rancher.networkRange": networkRange,
      "onprem:rancher.dataDiskSizeGb": String(dataDiskSizeGb),
    },
  };
}

/** Said of clusters by earlier releases: `platform`, which every cluster of this one is, or `rancher`. */
const CREATED_BY = "onprem:cluster.createdBy";

/** Changes that what is there can take: a subnet's range and a disk grow. */
const GROWTH: Readonly<Record<string, (from: string, to: string) => boolean>> = {
  "onprem:cluster.network.nodeRange": rangeGrows,
  "onprem:rancher.networkRange": rangeGrows,
  "onprem:rancher.dataDiskSizeGb": (from, to) => Number(to) > Number(from),
};

function rangeGrows(from: string, to: string): boolean {
  const bits = (range: string) => Number(range.split("/")[1]);
  return rangesOverlap(from, to) && bits(to) < bits(from);
}

/**
 * Makes sure that the settings replace and delete nothing that is protected.
 * @param next what the settings ask for
 * @param last the output `placement` of the last run; nothing on the first
 * @returns `next`
 * @throws ProtectedReplacementError that lists every setting at fault and says the way out
 */
export function requirePlacement(next: Placement, last: Placement = {}): Placement {
  const refusals = (["cluster", "rancher"] as const).flatMap((part) => refusalsOf(part, next[part], last[part]));
  if (refusals.length === 0) return next;
  throw new ProtectedReplacementError(
    `The settings would replace or delete what is protected; nothing was changed.\n\n${refusals.join("\n\n")}`,
  );
}

/** Refused whatever the protection says: this program knows no way to go on with such a cluster, or to delete it. */
const CREATED_BY_RANCHER =
  "This stack's GKE cluster was created by Rancher (onprem:cluster.createdBy: rancher), which this release cannot manage: move to a cluster of the program's own with a backup and a restore. See docs/rancher.md, \"A cluster that Rancher created\".";

function refusalsOf(part: Part, next: PlacedPart | undefined, last: PlacedPart | undefined): string[] {
  if (last?.settings[CREATED_BY] === "rancher") return [CREATED_BY_RANCHER];
  // Both count: Google goes by what it was told in the last run, the engine by what it is told in this one.
  if (!last || !(last.deletionProtection || next?.deletionProtection)) return [];
  const moved = Object.entries(last.settings).filter(([path, from]) => {
    const to = next?.settings[path];
    return path !== CREATED_BY && to !== from && !(to !== undefined && GROWTH[path]?.(from, to));
  });
  if (moved.length === 0) return [];
  const changes = next
    ? moved.map(([path, from]) => `   ${path}: ${from} → ${next.settings[path] ?? "nothing"}`)
    : [`   onprem:${part} asks for it no longer`];
  const back = next ? moved.map(([path, from]) => `pulumi config set --path '${path}' ${from}`) : [];
  return [
    [
      `This would replace or delete ${LOST[part]}:`,
      ...changes,
      `   to keep it: ${back.length > 0 ? back.join("; ") : `put onprem:${part} back as it was`}`,
      `   if it is meant: put these settings back, set onprem:${part}.deletionProtection to false and run \`pulumi up\`; then change them, with the protection still off. See docs/gcp.md, "What a change does".`,
    ].join("\n"),
  ];
}
