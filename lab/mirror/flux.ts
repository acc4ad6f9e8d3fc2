import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { LabError } from "../errors.js";
import { fluxControllers } from "../flux-controllers.js";
import { projectRoot } from "../layout.js";
import type { MirrorWriter } from "../mirror.js";
import type { Step } from "../steps.js";
import { builtPrograms } from "../toolchain/build.js";

/** Flux's release whose manifest the lab assembles. */
const RELEASE = "v2.9.5";

/**
 * The lab's manifest of Flux: upstream's own files, put together in upstream's own way, with four of the seven
 * controllers. Its checksum is therefore not the release's; stacks in the lab name it as `gitops.manifestSha256`.
 */
export const labFluxManifest = {
  /** Path below the mirror's folder of manifests, as in upstream's address. */
  path: join("fluxcd", "flux2", "releases", "download", RELEASE, "install.yaml"),
  /** SHA-256 of the content, hexadecimal. */
  sha256: "03c9166b0069565cd35d9842f463854bc2306c3121a192c2379d191861a467c4",
} as const;

/** Assembles {@link labFluxManifest}. */
export const mirrorFlux: MirrorWriter = async (step, { manifests }) => {
  const work = mkdtempSync(join(tmpdir(), "onprem-lab-flux-"));
  try {
    const text = await assemble(step, work);
    const found = createHash("sha256").update(text).digest("hex");
    if (found !== labFluxManifest.sha256)
      throw new LabError(
        "unexpected-content",
        `The lab's manifest of Flux has the SHA-256 ${found}; lab/mirror/flux.ts says ${labFluxManifest.sha256}. Change it there if the toolchain was changed on purpose.`,
      );
    const target = join(manifests, labFluxManifest.path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

async function assemble(step: Step, work: string): Promise<string> {
  const release = await moduleFolder(step, `github.com/fluxcd/flux2/v2@${RELEASE}`);
  cpSync(join(release, "manifests"), join(work, "manifests"), { recursive: true });
  for (const [name, version] of Object.entries(fluxControllers)) {
    const source = await moduleFolder(step, `github.com/fluxcd/${name}@${version}`);
    for (const part of ["crd", "manager"])
      cpSync(join(source, "config", part), join(work, "modules", name, part), { recursive: true });
    // Upstream's base fetches from the controller's release what its module holds as well.
    change(join(work, "manifests", "bases", name, "kustomization.yaml"), (resources) =>
      resources.map((place) => {
        const [, part] = /\.(crds|deployment)\.yaml$/.exec(place) ?? [];
        if (!part) return place;
        return `../../../modules/${name}/${part === "crds" ? "crd" : "manager"}`;
      }),
    );
  }
  change(join(work, "manifests", "install", "kustomization.yaml"), (resources) =>
    resources.filter((place) => {
      const [, name] = /^\.\.\/bases\/(.+)$/.exec(place) ?? [];
      return name === undefined || name in fluxControllers;
    }),
  );
  return step.run(join(builtPrograms().folder, "kubectl"), ["kustomize", join(work, "manifests", "install")]);
}

async function moduleFolder(step: Step, module: string): Promise<string> {
  const cwd = join(projectRoot, "lab", "toolchain", "gitops");
  const { Dir } = JSON.parse(await step.run("go", ["mod", "download", "-json", module], { cwd })) as { Dir: string };
  return Dir;
}

/** Rewrites the resources of a kustomization. */
function change(file: string, resources: (given: string[]) => string[]): void {
  const kustomization = parse(readFileSync(file, "utf8")) as { resources: string[] };
  rmSync(file);
  writeFileSync(file, stringify({ ...kustomization, resources: resources(kustomization.resources) }));
}
