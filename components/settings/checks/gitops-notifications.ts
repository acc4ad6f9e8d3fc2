import type { Problem } from "../problems";
import type { PropertyPath } from "../property-path";
import type { OpenSettings } from "../schema";
import { exactlyOne, repeatedNames, unknownName } from "./rules";

type GitOps = NonNullable<OpenSettings["gitops"]>;

/** Names given twice, references to nothing, and a repository whose web address nobody can tell. */
export function checkNotifications(gitops: GitOps): Problem[] {
  const { commitStatus, notifications, receiver } = gitops;
  return [
    ...repeatedNames(notifications, ["gitops", "notifications"]),
    ...notifications.flatMap(({ repositories }, index) =>
      unknownRepositories(gitops, ["gitops", "notifications", index, "repositories"], repositories),
    ),
    ...checkStatusRepositories(gitops),
    ...commitStatus.flatMap((status, index) => [
      ...checkStatusAddress(gitops, status, index),
      ...checkStatusApplied(gitops, status, index),
    ]),
    ...unknownRepositories(gitops, ["gitops", "receiver", "repositories"], receiver?.repositories),
    ...(receiver?.ingress
      ? exactlyOne(["gitops", "receiver", "ingress", "tls"], receiver.ingress.tls, ["secretName", "clusterIssuer"])
      : []),
  ];
}

function unknownRepositories(gitops: GitOps, path: PropertyPath, names: readonly string[] = []): Problem[] {
  const known = gitops.repositories.map(({ name }) => name);
  return names.flatMap((name, at) => unknownName([...path, at], name, known, ["gitops", "repositories"]));
}

function checkStatusRepositories({ commitStatus, repositories }: GitOps): Problem[] {
  const known = repositories.map(({ name }) => name);
  return commitStatus.flatMap(({ repository }, index) => {
    const path = ["gitops", "commitStatus", index, "repository"];
    const first = commitStatus.findIndex((other) => other.repository === repository);
    if (first === index) return unknownName(path, repository, known, ["gitops", "repositories"]);
    return [
      {
        path,
        given: `"${repository}", as in gitops.commitStatus[${first}]`,
        allowed: "each repository once",
        wayOut: "take one of the two out",
      },
    ];
  });
}

/** Marks are of what is applied: from a repository that nothing is applied from there would be none. */
function checkStatusApplied(
  { kustomizations, repositories }: GitOps,
  { repository }: GitOps["commitStatus"][number],
  index: number,
): Problem[] {
  const known = repositories.some(({ name }) => name === repository);
  if (!known || kustomizations.some((kustomization) => kustomization.repository === repository)) return [];
  return [
    {
      path: ["gitops", "commitStatus", index, "repository"],
      given: `"${repository}", from which no Kustomization is applied`,
      allowed: "a repository that a Kustomization names",
      wayOut: "add a Kustomization of it, or take the commit status out",
      involves: [["gitops", "kustomizations"]],
    },
  ];
}

/** An SSH address with a port of its own says nothing of the port of the web pages. */
function checkStatusAddress(
  { repositories }: GitOps,
  { address, repository }: GitOps["commitStatus"][number],
  index: number,
): Problem[] {
  const followed = repositories.findIndex(({ name }) => name === repository);
  const url = repositories[followed]?.url;
  if (address !== undefined || !url?.startsWith("ssh://") || !/^ssh:\/\/[^/]+:[0-9]+\//.test(url)) return [];
  return [
    {
      path: ["gitops", "commitStatus", index, "address"],
      given: `none, and ${url} does not tell it`,
      allowed: "the web address of the repository",
      wayOut: "set address to what a browser shows for the repository",
      involves: [["gitops", "repositories", followed, "url"]],
    },
  ];
}
