import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../layout";
import type { MirrorWriter } from "./writer";

const module = "github.com/vmware-tanzu/velero";

/**
 * Velero's definitions, from the source of the release that lab/toolchain/backup pins. They lie under the path of their
 * publisher's address; the platform checks each against the publisher's checksum, as it does with any mirror.
 */
export const mirrorVelero: MirrorWriter = async (step, { manifests }) => {
  const cwd = join(projectRoot, "lab", "toolchain", "backup");
  const { Dir, Version } = JSON.parse(await step.run("go", ["mod", "download", "-json", module], { cwd })) as {
    Dir: string;
    Version: string;
  };
  const source = join(Dir, "config", "crd");
  const target = join(manifests, "velero-io", "velero", Version, "config", "crd");
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".yaml")) continue;
    // The content alone: files of the module cache are read-only.
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), readFileSync(join(source, file)));
  }
};
