import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { paths, projectRoot } from "./layout.js";
import type { Step } from "./steps.js";

/** A part of a Go module that a release's publisher also hands out as files. */
interface MirroredFolder {
  /** Folder under lab/toolchain whose go.mod pins the version. */
  readonly part: string;
  readonly module: string;
  /** Folder in the module. */
  readonly folder: string;
  /** Where it belongs in the mirror: the path of the publisher's address. */
  readonly target: (version: string) => string;
}

const mirrored: readonly MirroredFolder[] = [
  {
    part: "backup",
    module: "github.com/vmware-tanzu/velero",
    folder: "config/crd",
    target: (version) => `velero-io/velero/${version}/config/crd`,
  },
];

/**
 * Fills the lab's mirror of release files (`sources.manifests`) from the source of the same releases, as the Go module
 * proxy has it. The platform checks each file against the publisher's checksum, as it does with any mirror.
 * @returns the mirror's folder
 */
export async function mirrorManifests(step: Step): Promise<string> {
  for (const { part, module, folder, target } of mirrored) {
    const cwd = join(projectRoot, "lab", "toolchain", part);
    const found = JSON.parse(await step.run("go", ["mod", "download", "-json", module], { cwd })) as {
      Dir: string;
      Version: string;
    };
    const into = join(paths.manifests, target(found.Version));
    for (const file of readdirSync(join(found.Dir, folder), { recursive: true, encoding: "utf8" })) {
      if (file.endsWith(".yaml")) place(join(found.Dir, folder, file), join(into, file));
    }
  }
  return paths.manifests;
}

/** Copies the content alone: files of the module cache are read-only. */
function place(file: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(file));
}
