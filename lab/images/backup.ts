import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { imageMirror } from "../layout.js";
import type { Step } from "../steps.js";
import { type ImageRecipe, runtimeLayer } from "./recipes.js";

/** Puts a program into a layer at the place where the upstream image has it. */
function place(folder: string, program: string, layer: string, target: string): void {
  const file = join(layer, target);
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(join(folder, program), file);
}

/** Layers of an image with these programs, each at its path. */
function programsAt(folder: () => string, targets: Readonly<Record<string, string>>, onRuntime: boolean) {
  return async (step: Step, scratch: string): Promise<readonly string[]> => {
    const layer = join(scratch, "programs");
    for (const [program, target] of Object.entries(targets)) place(folder(), program, layer, target);
    return onRuntime ? [await runtimeLayer(step, scratch), layer] : [layer];
  };
}

/**
 * Images of Velero, its plugin for S3 stores, and the S3 store of the lab: the programs where upstream's images have
 * them, started in the same way.
 * @param folder where the built programs of the part lie
 */
export function backupImageRecipes(folder: () => string): Readonly<Record<string, ImageRecipe>> {
  const pins = () => [folder()];
  return {
    velero: {
      reference: `${imageMirror}/velero/velero:v1.18.3`,
      settings: { Entrypoint: ["/velero"], User: "65532" },
      pins,
      layers: programsAt(
        folder,
        { velero: "velero", "velero-restore-helper": "velero-restore-helper" },
        // For the certificates of public authorities and a /tmp that everybody may write to.
        true,
      ),
    },
    "velero-plugin-for-aws": {
      reference: `${imageMirror}/velero/velero-plugin-for-aws:v1.14.3`,
      settings: {
        Entrypoint: ["/bin/cp-plugin", "/plugins/velero-plugin-for-aws", "/target/velero-plugin-for-aws"],
        User: "65532",
      },
      pins,
      layers: programsAt(
        folder,
        { "cp-plugin": "bin/cp-plugin", "velero-plugin-for-aws": "plugins/velero-plugin-for-aws" },
        false,
      ),
    },
    versitygw: {
      reference: `${imageMirror}/versity/versitygw:v1.8.0`,
      settings: {
        Entrypoint: ["/usr/local/bin/versitygw"],
        Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
        User: "65534",
        ExposedPorts: { "7070/tcp": {} },
      },
      pins,
      layers: programsAt(folder, { versitygw: "usr/local/bin/versitygw" }, true),
    },
  };
}
