import { readAddressRange } from "../../grammars/addresses";
import { fieldOf, parseKubeconfig, usedRelativePaths } from "../../grammars/kubeconfig";
import { kubernetesLines } from "../../releases/releases";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { exactlyOne, repeatedValues } from "./rules";

type Cluster = OpenSettings["cluster"];
type Gke = Extract<Cluster, { kind: "gke" }>;
type Existing = Extract<Cluster, { kind: "existing" }>;

/** Zones Google picks for a regional cluster that names none. */
const DEFAULT_ZONES = 3;

/** Hours of maintenance a week that satisfy GKE. */
const HOURS_A_WEEK = 12;

/** Kubeconfig, zones and nodes, version, maintenance, and a setting of earlier releases. */
export const checkCluster: Check = ({ cluster }, { fileExists }) => {
  if (!cluster) return [];
  if (cluster.kind === "existing") return checkExisting(cluster, fileExists);
  return [
    ...checkZones(cluster),
    ...checkRepeated(cluster),
    ...checkVersion(cluster),
    ...checkMaintenance(cluster),
    ...checkCreator(cluster),
  ];
};

function checkExisting(cluster: Existing, fileExists: (path: string) => boolean): Problem[] {
  const problems = exactlyOne(["cluster"], cluster, ["kubeconfig", "kubeconfigContents"]);
  if (problems.length === 0 && cluster.kubeconfigContents !== undefined)
    return checkContents(cluster.kubeconfigContents, cluster.context);
  if (problems.length > 0 || cluster.kubeconfig === undefined || fileExists(cluster.kubeconfig)) return problems;
  return [
    {
      path: ["cluster", "kubeconfig"],
      given: `${JSON.stringify(cluster.kubeconfig)}, where there is no file`,
      allowed: "path of a kubeconfig file, relative to the project",
      wayOut: "put the cluster's kubeconfig there, or correct the path; in the lab, `npm run lab up` writes it",
    },
  ];
}

/** A kubeconfig that is given as a text lies in no folder, and kubectl starts relative paths at that folder. */
function checkContents(contents: string, context: string | undefined): Problem[] {
  const references = usedRelativePaths(parseKubeconfig(contents) ?? {}, context);
  if (references.length === 0) return [];
  const named = references.map(
    (reference) => `${fieldOf(reference)} ${JSON.stringify(reference.path)} of ${reference.owner}`,
  );
  return [
    {
      path: ["cluster", "kubeconfigContents"],
      given: `relative paths: ${named.join(", ")}`,
      allowed:
        "absolute paths, or the files' contents in the kubeconfig: a text lies in no folder from which a path could start",
      wayOut:
        "kubectl config view --raw --flatten --minify | pulumi config set --secret --path onprem:cluster.kubeconfigContents, where the kubeconfig's file is; or give its path as onprem:cluster.kubeconfig",
    },
  ];
}

/** What Google refuses to be told twice. */
function checkRepeated({ authorisedNetworks, maintenanceWindow, zones = [] }: Gke): Problem[] {
  const canonical = (range: string) => {
    const { value } = readAddressRange(range);
    return value === undefined ? range : `${value.family}:${value.first}/${value.prefix}`;
  };
  const ranges = authorisedNetworks.map(({ range }) => range);
  const first = (index: number) => ranges.findIndex((range) => canonical(range) === canonical(ranges[index] ?? ""));
  return [
    ...repeatedValues(zones, ["cluster", "zones"], [], "each zone once"),
    ...repeatedValues(maintenanceWindow.days, ["cluster", "maintenanceWindow", "days"], [], "each day once"),
    ...ranges.flatMap((range, index) =>
      first(index) === index
        ? []
        : [
            {
              path: ["cluster", "authorisedNetworks", index, "range"],
              given: `"${range}", as in onprem:cluster.authorisedNetworks[${first(index)}]`,
              allowed: "each range once",
              wayOut: "take one of the two out",
            },
          ],
    ),
  ];
}

function checkZones({ zones, region, availability, nodes }: Gke): Problem[] {
  const problems: Problem[] = [];
  for (const [index, zone] of (zones ?? []).entries()) {
    if (zone.startsWith(`${region}-`)) continue;
    problems.push({
      path: ["cluster", "zones", index],
      given: `"${zone}", outside the region`,
      allowed: `a zone of ${region}`,
      wayOut: `name a zone such as ${region}-a, or correct onprem:cluster.region`,
      involves: [["cluster", "region"]],
    });
  }
  if (availability === "zonal" && zones?.length !== 1) {
    problems.push({
      path: ["cluster", "zones"],
      given: zones ? `${zones.length} zones` : "nothing",
      allowed: "exactly one zone for a zonal cluster",
      wayOut: `pulumi config set --path 'onprem:cluster.zones[0]' ${region}-a, or set onprem:cluster.availability to regional`,
      involves: [["cluster", "availability"]],
    });
  }
  const places = availability === "zonal" ? 1 : (zones?.length ?? DEFAULT_ZONES);
  if (nodes % places !== 0) {
    problems.push({
      path: ["cluster", "nodes"],
      given: `${nodes} nodes in ${places} zones`,
      allowed: "a multiple of the number of zones: GKE puts the same number into each",
      wayOut: `pulumi config set --path 'onprem:cluster.nodes' ${Math.ceil(nodes / places) * places}`,
      involves: [
        ["cluster", "zones"],
        ["cluster", "availability"],
      ],
    });
  }
  return problems;
}

function checkVersion({ kubernetesVersion }: Gke): Problem[] {
  const lines = kubernetesLines.map(({ line }) => line);
  if (lines.includes(kubernetesVersion)) return [];
  return [
    {
      path: ["cluster", "kubernetesVersion"],
      given: `"${kubernetesVersion}"`,
      allowed: lines.join(", "),
      wayOut: "choose one of them; components/releases/releases.ts says what was tested",
    },
  ];
}

/**
 * GKE wants 48 hours of maintenance in any 32 days, in which a day of the week comes four times at least:
 * https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions
 */
function checkMaintenance({ maintenanceWindow: { hours, days } }: Gke): Problem[] {
  const distinct = new Set(days).size;
  if (hours * distinct >= HOURS_A_WEEK) return [];
  return [
    {
      path: ["cluster", "maintenanceWindow", "hours"],
      given: `${hours} hours on ${distinct} ${distinct === 1 ? "day" : "days"} of the week`,
      allowed: `at least ${HOURS_A_WEEK} hours a week, or GKE refuses the window`,
      wayOut: `pulumi config set --path 'onprem:cluster.maintenanceWindow.hours' ${Math.ceil(HOURS_A_WEEK / distinct)}, or name more days`,
      involves: [["cluster", "maintenanceWindow", "days"]],
    },
  ];
}

/** Clusters that Rancher created were given up; the settings of such a stack still say so. */
function checkCreator({ createdBy }: Gke): Problem[] {
  if (createdBy !== "rancher") return [];
  return [
    {
      path: ["cluster", "createdBy"],
      given: '"rancher"',
      allowed: "nothing: this program makes the GKE cluster itself, and registers it in Rancher",
      wayOut:
        'move to such a cluster with a backup and a restore: docs/rancher.md, "A cluster that Rancher created". Do not only take the setting out, which would leave that cluster to nobody',
    },
  ];
}
