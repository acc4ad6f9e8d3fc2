import { image, images } from "../../components/releases/releases";
import { imageMirror } from "../layout";
import { programLayers, programPins } from "./layers";
import type { ImageRecipe } from "./recipe";

const pins = programPins("backup");

/** Velero, its plugin for S3 stores, and the S3 store of the lab: started in the same way as upstream's images. */
export const backupImages: Readonly<Record<string, ImageRecipe>> = {
  velero: {
    reference: image(images.velero, { images: imageMirror }),
    settings: { Entrypoint: ["/velero"], User: "65532" },
    pins,
    // Over the runtime for the certificates of public authorities and a /tmp that everybody may write to.
    layers: programLayers("backup", { velero: "velero", "velero-restore-helper": "velero-restore-helper" }, true),
  },
  "velero-plugin-for-aws": {
    reference: image(images.veleroPluginForAws, { images: imageMirror }),
    settings: {
      Entrypoint: ["/bin/cp-plugin", "/plugins/velero-plugin-for-aws", "/target/velero-plugin-for-aws"],
      User: "65532",
    },
    pins,
    layers: programLayers(
      "backup",
      { "cp-plugin": "bin/cp-plugin", "velero-plugin-for-aws": "plugins/velero-plugin-for-aws" },
      false,
    ),
  },
  versitygw: {
    reference: image(images.versitygw, { images: imageMirror }),
    settings: {
      Entrypoint: ["/usr/local/bin/versitygw"],
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      User: "65534",
      ExposedPorts: { "7070/tcp": {} },
    },
    pins,
    layers: programLayers("backup", { versitygw: "usr/local/bin/versitygw" }, true),
  },
};
