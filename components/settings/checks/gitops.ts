import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from ".";
import { repeatedNames, unknownName } from "./rules";

type GitOps = NonNullable<OpenSettings["gitops"]>;

/** Names given twice, references to nothing, circles, and logins that do not fit the address. */
export const checkGitOps: Check = ({ gitops }) => {
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
    ...checkImageUpdates(gitops),
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

function checkImageUpdates({ imageUpdates, repositories }: GitOps): Problem[] {
  if (!imageUpdates) return [];
  const index = repositories.findIndex(({ name }) => name === imageUpdates.repository);
  const path = ["gitops", "imageUpdates", "repository"];
  const authentication = repositories[index]?.authentication;
  if (!authentication)
    return unknownName(
      path,
      imageUpdates.repository,
      repositories.map(({ name }) => name),
      ["gitops", "repositories"],
    );
  if (authentication.kind === "https" || (authentication.kind === "ssh" && authentication.writeAccess)) return [];
  return [
    {
      path,
      given: `"${imageUpdates.repository}", whose key may not push`,
      allowed: "a repository that can be written to",
      wayOut: `pulumi config set --path 'onprem:gitops.repositories[${index}].authentication.writeAccess' true`,
      involves: [["gitops", "repositories"]],
    },
  ];
}
