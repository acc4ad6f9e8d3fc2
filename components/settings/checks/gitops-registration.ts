import { readGitUrl } from "../../grammars/git-url";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";

type Repository = NonNullable<OpenSettings["gitops"]>["repositories"][number];

/** Names by which the public servers take connections over SSH. */
const PUBLIC_HOSTS = {
  github: ["github.com", "ssh.github.com"],
  gitlab: ["gitlab.com", "altssh.gitlab.com"],
} as const;

/** Tokens that would go to another server than the repository's or in clear text, and paths that the API cannot have. */
export function checkRegistrations({ repositories }: { readonly repositories: readonly Repository[] }): Problem[] {
  return repositories.flatMap((repository, index) => checkRegistration(repository, index));
}

/** Longest name of a repository: Kubernetes' 63 characters of a Job's name without `register-deploy-keys-`. */
const LONGEST_NAME = 42;

function checkRegistration({ authentication, name, url }: Repository, index: number): Problem[] {
  const address = readGitUrl(url).value;
  if (authentication.kind !== "ssh" || !authentication.registration || address?.scheme !== "ssh") return [];
  const { apiUrl, kind } = authentication.registration;
  const path = ["gitops", "repositories", index, "authentication", "registration"];
  const involves = [["gitops", "repositories", index, "url"]];
  const { host: hostname, path: pathname } = address;
  const problems: Problem[] = [];
  if (apiUrl === undefined && !(PUBLIC_HOSTS[kind] as readonly string[]).includes(hostname))
    problems.push({
      path: [...path, "apiUrl"],
      given: `nothing, with a repository at ${hostname}`,
      allowed: `the address of the API of ${hostname}; the public server's is the default for ${PUBLIC_HOSTS[kind][0]} only`,
      wayOut: `set it, such as https://${hostname}${kind === "github" ? "/api/v3" : "/api/v4"}`,
      involves,
    });
  if (apiUrl?.startsWith("http:"))
    problems.push({
      path: [...path, "apiUrl"],
      given: `"${apiUrl}", which takes the token in clear text`,
      allowed: "an https:// address",
      wayOut: "use https://, with caCertificate where the customer's own CA signed",
    });
  if (name.length > LONGEST_NAME)
    problems.push({
      path: ["gitops", "repositories", index, "name"],
      given: `a name of ${name.length} characters`,
      allowed: `at most ${LONGEST_NAME} with registration, whose Jobs are named after it`,
      wayOut: "choose a shorter one",
    });
  const parts = pathname.split("/").filter((part) => part !== "").length;
  if (kind === "github" && parts !== 2)
    problems.push({
      path: [...path, "kind"],
      given: `"github" with a path of ${parts} parts`,
      allowed: "owner/repository, as GitHub has them",
      wayOut: "correct url, or take registration out and register the keys by hand",
      involves,
    });
  return problems;
}
