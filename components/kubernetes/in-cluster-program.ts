import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Programs that run inside the cluster, as `domain/name`. */
export type InClusterProgram =
  | "backup/claim-prefix"
  | "backup/release-finalizers"
  | "gitops/git-hosts"
  | "gitops/register-deploy-keys";

/** Text of a program as compiled, which needs nothing but Node.js, and perhaps another program beside it. */
export function inClusterProgram(program: InClusterProgram): string {
  const [domain = "", name = ""] = program.split("/");
  const text = readFileSync(join(__dirname, "..", domain, "in-cluster", `${name}.js`), "utf8");
  return text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
}
