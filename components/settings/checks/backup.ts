import { velero } from "../../releases/releases";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { repeatedNames, unknownName } from "./rules";

/** Stores and schedules that refer to nothing or twice to the same, and namespaces that two parts claim. */
export const checkBackup: Check = (settings) => {
  const { backup } = settings;
  if (!backup) return checkNamespaces(settings);
  const locations = backup.locations.map(({ name }) => name);
  const defaults = backup.locations.filter((location) => location.default).length;
  const problems = [
    ...repeatedNames(backup.locations, ["backup", "locations"]),
    ...repeatedNames(backup.schedules, ["backup", "schedules"]),
    ...backup.schedules.flatMap(({ location }, index) =>
      location === undefined
        ? []
        : unknownName(["backup", "schedules", index, "location"], location, locations, ["backup", "locations"]),
    ),
    ...checkVersion(backup.version),
    ...checkProject(settings),
    ...checkNamespaces(settings),
  ];
  if (defaults !== 1) {
    problems.push({
      path: ["backup", "locations"],
      given: `${defaults} locations with default: true`,
      allowed: "exactly one",
      wayOut: "pulumi config set --path 'onprem:backup.locations[0].default' true, and take it out of the others",
    });
  }
  return problems;
};

function checkVersion(version: string): Problem[] {
  if (version === velero.version) return [];
  return [
    {
      path: ["backup", "version"],
      given: `"${version}"`,
      allowed: `"${velero.version}", the release whose definitions and plugins are pinned`,
      wayOut: "leave the setting out; another release is pinned in components/releases/releases.ts",
    },
  ];
}

function checkProject({ backup, cluster }: Partial<OpenSettings>): Problem[] {
  if (cluster?.kind !== "existing") return [];
  return (backup?.locations ?? []).flatMap((location, index) =>
    location.kind === "gcs" && location.project === undefined
      ? [
          {
            path: ["backup", "locations", index, "project"],
            given: "nothing",
            allowed: "a Google Cloud project id: an existing cluster has none that could be taken",
            wayOut: `pulumi config set --path 'onprem:backup.locations[${index}].project' acme-platform`,
            involves: [["cluster", "kind"]],
          },
        ]
      : [],
  );
}

function checkNamespaces({ parse, monitoring, gitops, backup }: Partial<OpenSettings>): Problem[] {
  const sections = Object.entries({ parse, monitoring, gitops, backup });
  const claims = sections.flatMap(([section, value]) => (value ? [{ section, namespace: value.namespace }] : []));
  return claims.flatMap(({ section, namespace }, index) => {
    const owner = namespace.startsWith("kube-")
      ? "Kubernetes"
      : claims.slice(0, index).find((claim) => claim.namespace === namespace)?.section;
    if (!owner) return [];
    return [
      {
        path: [section, "namespace"],
        given: `"${namespace}", which belongs to ${owner}`,
        allowed: "a namespace of its own",
        wayOut: "choose another name, or leave the setting out",
        involves: owner === "Kubernetes" ? [] : [[owner, "namespace"]],
      },
    ];
  });
}
