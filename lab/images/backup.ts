import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { imageMirror } from "../layout.js";
import type { Step } from "../steps.js";
import { builtPrograms } from "../toolchain/build.js";
import { programPins, runtimeLayer } from "./layers.js";
import type { ImageRecipe } from "./recipe.js";

const pins = programPins("backup");

/** Layers of an image with these programs, each where upstream's image has it. */
function programsAt(targets: Readonly<Record<string, string>>, onRuntime: boolean) {
  return async (step: Step, scratch: string): Promise<readonly string[]> => {
    const layer = join(scratch, "programs");
    for (const [program, target] of Object.entries(targets)) {
      mkdirSync(dirname(join(layer, target)), { recursive: true });
      copyFileSync(join(builtPrograms("backup").folder, program), join(layer, target));
    }
    return onRuntime ? [await runtimeLayer(step, scratch), layer] : [layer];
  };
}

/** Velero, its plugin for S3 stores, and the S3 store of the lab: started in the same way as upstream's images. */
export const backupImages: Readonly<Record<string, ImageRecipe>> = {
  velero: {
    reference: `${imageMirror}/velero/velero:v1.18.3`,
    settings: { Entrypoint: ["/velero"], User: "65532" },
    pins,
    // Over the runtime for the certificates of public authorities and a /tmp that everybody may write to.
    layers: programsAt({ velero: "velero", "velero-restore-helper": "velero-restore-helper" }, true),
  },
  "velero-plugin-for-aws": {
    reference: `${imageMirror}/velero/velero-plugin-for-aws:v1.14.3`,
    settings: {
      Entrypoint: ["/bin/cp-plugin", "/plugins/velero-plugin-for-aws", "/target/velero-plugin-for-aws"],
      User: "65532",
    },
    pins,
    layers: programsAt(
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
    layers: programsAt({ versitygw: "usr/local/bin/versitygw" }, true),
  },
};
