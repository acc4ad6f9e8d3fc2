import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { RunError } from "@pulumi/pulumi";

/** A chart folder that is not one. */
export class ChartFolderError extends RunError {
  readonly code = "CHART_FOLDER";
}

/**
 * The project's own chart, relative to the working directory, so that the state does not name this machine's folders.
 * @param name folder under `charts/`
 */
export function projectChart(name: string): string {
  let root = __dirname;
  while (!existsSync(join(root, "Pulumi.yaml"))) {
    const parent = dirname(root);
    if (parent === root) throw new ChartFolderError(`no Pulumi.yaml above ${__dirname}: where is the project?`);
    root = parent;
  }
  const path = relative(process.cwd(), join(root, "charts", name));
  return path.startsWith(".") ? path : `.${sep}${path}`;
}

/**
 * SHA-256 over the names and contents of a chart's files. The Kubernetes provider compares a release's inputs, not the
 * content of a local chart (`Diff` in provider/pkg/provider/helm_release.go), so an edited template alone would never
 * reach the cluster; as one of the values this makes it an update.
 * @throws ChartFolderError when there is no chart
 */
export function chartChecksum(folder: string): string {
  if (!existsSync(join(folder, "Chart.yaml"))) {
    throw new ChartFolderError(`no Helm chart in ${folder}: a folder with a Chart.yaml is needed`);
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
