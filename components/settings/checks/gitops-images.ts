import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import { repeatedNames, unknownName } from "./rules";

type GitOps = NonNullable<OpenSettings["gitops"]>;

/** Names given twice or of nothing, logins that cannot push, and templates that Flux refuses at its first commit. */
export function checkImageAutomation({ imageAutomation, repositories }: GitOps): Problem[] {
  if (!imageAutomation) return [];
  const root = ["gitops", "imageAutomation"];
  const names = repositories.map(({ name }) => name);
  return [
    ...repeatedNames(imageAutomation.images, [...root, "images"]),
    ...repeatedNames(imageAutomation.updates, [...root, "updates"]),
    ...imageAutomation.updates.flatMap(({ commitMessage, repository }, index) => {
      const path = [...root, "updates", index];
      const place = names.indexOf(repository);
      return [
        ...unknownName([...path, "repository"], repository, names, ["gitops", "repositories"]),
        ...cannotPush([...path, "repository"], repository, repositories[place]?.authentication.kind, place),
        ...oldTemplate([...path, "commitMessage"], commitMessage),
      ];
    }),
  ];
}

function cannotPush(path: Problem["path"], name: string, login: string | undefined, place: number): Problem[] {
  if (login !== "anonymous") return [];
  return [
    {
      path,
      given: `"${name}", which is read without a login`,
      allowed: "a repository with authentication ssh or https, since commits are pushed to it",
      wayOut: `give ${name} a login that may push, or take this update out`,
      involves: [["gitops", "repositories", place, "authentication", "kind"]],
    },
  ];
}

/** https://fluxcd.io/flux/components/image/imageupdateautomations/#message-template */
function oldTemplate(path: Problem["path"], template: string): Problem[] {
  if (!/\.Updated\b/.test(template)) return [];
  return [
    {
      path,
      given: "a template with .Updated, which Flux 2.9 no longer has",
      allowed: "a template with .Changed",
      wayOut: "write it anew, or leave it out for the default",
    },
  ];
}
