import texts = require("./in-cluster-programs.json");

/** Programs that run inside the cluster: `DOMAIN/NAME` is components/DOMAIN/in-cluster/programs/NAME.ts. */
export type InClusterProgram = "backup/claim-prefix" | "backup/release-finalizers" | "gitops/register-deploy-keys";

/** Text of a program, which needs Node.js and nothing beside it: the build bundles it (lab/program-bundle.mjs). */
export function inClusterProgram(program: InClusterProgram): string {
  return texts[program];
}
