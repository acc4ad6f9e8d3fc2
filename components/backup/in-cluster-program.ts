import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Programs that run inside the cluster. */
export type InClusterProgram = "claim-prefix" | "release-finalizers";

/** Text of a program as compiled, which needs nothing but Node.js. */
export function inClusterProgram(name: InClusterProgram): string {
  const text = readFileSync(join(__dirname, "in-cluster", `${name}.js`), "utf8");
  return text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
}
