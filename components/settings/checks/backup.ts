import { velero } from "../../releases/releases";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { repeatedNames, unknownName } from "./rules";
import { checkS3Endpoint } from "./s3-endpoint";

type Location = NonNullable<OpenSettings["backup"]>["locations"][number];

/** Stores and schedules that refer to nothing or twice to the same, and namespaces that two parts claim. */
export const checkBackup: Check = (settings) => {
  const { backup } = settings;
  if (!backup) return checkNamespaces(settings);
  const locations = backup.locations.map(({ name }) => name);
  const defaults = backup.locations.filter((location) => location.default).length;
  const problems = [
    ...repeatedNames(backup.locations, ["backup", "locations"]),
    ...repeatedNames(backup.schedules, ["backup", "schedules"]),
    ...backup.locations.flatMap(checkLocationName),
    ...backup.locations.flatMap((location, index) => (location.kind === "s3" ? checkS3Endpoint(location, index) : [])),
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

/** Beginnings of the names of namespaces that others make, and who. */
const SYSTEM_NAMESPACES: readonly (readonly [RegExp, string])[] = [
  [/^kube-/, "Kubernetes"],
  [/^(cattle-|fleet-(default|local|system)$|local$)/, "Rancher"],
  [/^(gke-|gmp-(system|public)$)/, "Google Kubernetes Engine"],
  [/^openshift(-|$)/, "OpenShift"],
];
/** Under Rancher monitoring is there whatever the setting says. */
const RANCHER_MONITORING = "cattle-monitoring-system";

function systemOwner(section: string, namespace: string): string | undefined {
  if (section === "monitoring" && namespace === RANCHER_MONITORING) return undefined;
  return SYSTEM_NAMESPACES.find(([names]) => names.test(namespace))?.[1];
}

/** Longest name of a location, by what is named after it: a Pod's label of its StatefulSet, or a Job's label. */
const LONGEST_LOCATION = { inside: 46, s3: 57, gcs: 63 } as const;

function checkLocationName({ kind, name }: Location, index: number): Problem[] {
  const longest = LONGEST_LOCATION[kind === "s3" || kind === "gcs" ? kind : "inside"];
  if (name.length <= longest) return [];
  return [
    {
      path: ["backup", "locations", index, "name"],
      given: `a name of ${name.length} characters`,
      allowed: `at most ${longest} for a location of kind ${kind}: objects named after it would have names that Kubernetes refuses`,
      wayOut: "choose a shorter one",
    },
  ];
}

function checkNamespaces({ parse, monitoring, gitops, backup }: Partial<OpenSettings>): Problem[] {
  const sectionsOf = { parse, monitoring, gitops, backup };
  const sections = Object.entries(sectionsOf);
  const claims = sections.flatMap(([section, value]) => (value ? [{ section, namespace: value.namespace }] : []));
  return claims.flatMap(({ section, namespace }, index) => {
    const owner =
      systemOwner(section, namespace) ?? claims.slice(0, index).find((claim) => claim.namespace === namespace)?.section;
    if (!owner) return [];
    return [
      {
        path: [section, "namespace"],
        given: `"${namespace}", which belongs to ${owner}`,
        allowed: "a namespace of its own",
        wayOut: "choose another name, or leave the setting out",
        involves: Object.hasOwn(sectionsOf, owner) ? [[owner, "namespace"]] : [],
      },
    ];
  });
}
