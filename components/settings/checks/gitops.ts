import { readGitUrl } from "../../grammars/git-url";
import { flux } from "../../releases/releases";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { checkImageAutomation } from "./gitops-images";
import { checkNotifications } from "./gitops-notifications";
import { checkRegistrations } from "./gitops-registration";
import { repeatedNames, unknownName } from "./rules";

type GitOps = NonNullable<OpenSettings["gitops"]>;

/** Names given twice, references to nothing, circles, and logins that do not fit the address. */
export const checkGitOps: Check = ({ cluster, gitops }) => {
  if (!gitops) return [];
  const repositories = gitops.repositories.map(({ name }) => name);
  const kustomizations = gitops.kustomizations.map(({ name }) => name);
  return [
    ...repeatedNames(gitops.repositories, ["gitops", "repositories"]),
    ...repeatedNames(gitops.kustomizations, ["gitops", "kustomizations"]),
    ...gitops.kustomizations.flatMap(({ repository, dependsOn }, index) => {
      const path = ["gitops", "kustomizations", index];
      return [
        ...unknownName([...path, "repository"], repository, repositories, ["gitops", "repositories"]),
        ...dependsOn.flatMap((name, at) =>
          unknownName([...path, "dependsOn", at], name, kustomizations, ["gitops", "kustomizations"]),
        ),
      ];
    }),
    ...checkCircles(gitops),
    ...checkAuthentication(gitops),
    ...checkHostKeys(gitops),
    ...checkRegistrations(gitops),
    ...checkImageAutomation(gitops),
    ...checkManifest(gitops),
    ...checkKubernetes(gitops, cluster),
    ...checkNotifications(gitops),
  ];
};

function checkCircles({ kustomizations }: GitOps): Problem[] {
  const needs = new Map(kustomizations.map(({ name, dependsOn }) => [name, dependsOn]));
  const reaches = (from: string, target: string, seen = new Set<string>()): boolean =>
    (needs.get(from) ?? []).some((next) => {
      if (next === target) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, target, seen);
    });
  return kustomizations.flatMap(({ name }, index) =>
    reaches(name, name)
      ? [
          {
            path: ["gitops", "kustomizations", index, "dependsOn"],
            given: `a circle through "${name}"`,
            allowed: "an order in which each can become ready",
            wayOut: "take one of the dependencies out",
          },
        ]
      : [],
  );
}

function checkAuthentication({ repositories }: GitOps): Problem[] {
  return repositories.flatMap(({ url, authentication: { kind } }, index) => {
    const ssh = url.startsWith("ssh://");
    if (ssh === (kind === "ssh")) return [];
    return [
      {
        path: ["gitops", "repositories", index, "authentication", "kind"],
        given: `"${kind}" with an address ${ssh ? "ssh://" : "http(s)://"}`,
        allowed: ssh ? "ssh" : "https or anonymous",
        wayOut: "change the address or the authentication",
        involves: [["gitops", "repositories", index, "url"]],
      },
    ];
  });
}

const SSH_PORT = 22;

/** A Git server whose key is not pinned would be refused by Flux, minutes later and in other words. */
function checkHostKeys({ repositories }: GitOps): Problem[] {
  return repositories.flatMap(({ authentication, url }, index) => {
    const address = readGitUrl(url).value;
    if (authentication.kind !== "ssh" || address?.scheme !== "ssh") return [];
    const { host: name, port = SSH_PORT } = address;
    const host = port === SSH_PORT ? name : `[${name}]:${port}`;
    const pinned = authentication.knownHosts.some((line) => {
      const hosts = line.split(" ")[0] ?? "";
      // A hashed name can only be compared by Flux.
      return hosts.startsWith("|1|") || hosts.split(",").some((known) => known === host || known.includes("*"));
    });
    if (pinned) return [];
    return [
      {
        path: ["gitops", "repositories", index, "authentication", "knownHosts"],
        given: `no key of ${host}`,
        allowed: "a line that begins with the server's name, and with [name]:port where the address has a port",
        wayOut: "ask whoever runs the server for its host key",
        involves: [["gitops", "repositories", index, "url"]],
      },
    ];
  });
}

function checkKubernetes({ version }: GitOps, cluster: OpenSettings["cluster"] | undefined): Problem[] {
  if (cluster?.kind !== "gke" || version !== flux.version) return [];
  const minors: readonly string[] = flux.kubernetes;
  if (minors.includes(cluster.kubernetesVersion)) return [];
  return [
    {
      path: ["gitops", "version"],
      given: `"${version}" with Kubernetes ${cluster.kubernetesVersion}`,
      allowed: `Flux ${version} with Kubernetes ${minors.join(", ")}`,
      wayOut: "choose another onprem:cluster.kubernetesVersion",
      involves: [["cluster", "kubernetesVersion"]],
    },
  ];
}

function checkManifest({ manifestSha256, version }: GitOps): Problem[] {
  if (version === flux.version || manifestSha256 !== undefined) return [];
  return [
    {
      path: ["gitops", "version"],
      given: `"${version}", whose manifest is not pinned`,
      allowed: `${flux.version}, or another one with manifestSha256`,
      wayOut: "set gitops.manifestSha256 to the checksum on the release's page",
    },
  ];
}
