import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached, keyOf } from "../cache";
import { projectRoot } from "../layout";
import { atATime, compilerEnvironment, compilerFlags } from "../toolchain/compiler";
import type { MirrorWriter } from "./writer";

const MODULE = join(projectRoot, "lab", "toolchain", "flux-definitions");
const GENERATOR = "sigs.k8s.io/controller-tools/cmd/controller-gen";
/** Go packages of the types. */
const PACKAGES = ["image-automation-controller", "image-reflector-controller"].map(
  (controller) => `github.com/fluxcd/${controller}/api/v1`,
);

/** Folder of the mirror, below its manifests, with the definitions of Flux's kinds for images. */
export const IMAGE_DEFINITIONS = join("fluxcd", "image-definitions");

/**
 * Definitions of Flux's kinds for images, made from their published Go types in the way that upstream makes them: the
 * controllers' own modules, which hold the files, are not published.
 */
export const mirrorFluxImages: MirrorWriter = async (step, { manifests }) => {
  const pins = readdirSync(MODULE).map((file) => readFileSync(join(MODULE, file)));
  const folder = await cached("flux-image-definitions", keyOf(GENERATOR, ...PACKAGES, ...pins), async (draft) => {
    step.progress("Definitions of Flux's kinds for images");
    const paths = PACKAGES.map((name) => `paths=${name}`);
    await step.run("go", ["run", atATime, ...compilerFlags, GENERATOR, "crd", ...paths, `output:crd:dir=${draft}`], {
      cwd: MODULE,
      env: compilerEnvironment,
    });
  });
  mkdirSync(join(manifests, IMAGE_DEFINITIONS), { recursive: true });
  cpSync(folder, join(manifests, IMAGE_DEFINITIONS), { recursive: true });
};
