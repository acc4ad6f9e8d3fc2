import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's folder: the nearest one above this file with a Pulumi.yaml. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "Pulumi.yaml"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No Pulumi.yaml above ${__dirname}: the policies belong to no project.`);
    folder = parent;
  }
  return folder;
}
