import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { flux } from "../../components/releases/releases";
import { LabError } from "../errors";
import { fluxControllers } from "../flux-controllers";
import { projectRoot } from "../layout";
import type { Step } from "../steps";
import { builtPrograms } from "../toolchain/build";
import type { MirrorWriter } from "./writer";

type ControllerName = keyof typeof fluxControllers;

/** Where the definitions of a controller's kinds come from. */
interface DefinitionSource {
  /** Version of the controller's module. */
  readonly module: string;
  /** Version of the kinds that is taken out. Default: none. */
  readonly without?: string;
}

/** A manifest that the lab assembles. */
interface LabManifest {
  /** Flux's version, without a leading `v`. */
  readonly version: string;
  /** Path below the mirror's folder of manifests, as in upstream's address. */
  readonly path: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
  /** Definitions that are not those of {@link fluxControllers}. */
  readonly definitions: Readonly<Partial<Record<ControllerName, DefinitionSource>>>;
}

function labManifest(version: string, sha256: string, definitions: LabManifest["definitions"] = {}): LabManifest {
  return {
    version,
    path: join("fluxcd", "flux2", "releases", "download", `v${version}`, "install.yaml"),
    sha256,
    definitions,
  };
}

/**
 * The lab's manifest of Flux: upstream's own files, put together in upstream's own way, with four of the seven
 * controllers. Its checksum is therefore not the release's; stacks in the lab name it as `gitops.manifestSha256`.
 */
export const labFluxManifest = labManifest(
  flux.version,
  "03c9166b0069565cd35d9842f463854bc2306c3121a192c2379d191861a467c4",
);

/**
 * The manifest of the minor before, as far as the lab can have it: its definitions of the sources and of what is applied
 * from them. Everything else, the programs included, is that of {@link labFluxManifest}.
 */
export const earlierLabFluxManifest = labManifest(
  "2.8.8",
  "c257101958aeb978c70ab1fca2633435dac12bd4a7ef26b5ccc7188c02ebaef1",
  {
    "source-controller": { module: "v1.8.5" },
    // The definition of kustomize-controller 1.8.5 is that of 1.7.3 without this version, line for line.
    "kustomize-controller": { module: "v1.7.3", without: "v1beta2" },
  },
);

/** Assembles both manifests. */
export const mirrorFlux: MirrorWriter = async (step, { manifests }) => {
  for (const manifest of [labFluxManifest, earlierLabFluxManifest]) {
    const text = await assemble(step, manifest);
    const found = createHash("sha256").update(text).digest("hex");
    if (found !== manifest.sha256)
      throw new LabError(
        "unexpected-content",
        `The lab's manifest of Flux ${manifest.version} has the SHA-256 ${found}; lab/mirror/flux.ts says ${manifest.sha256}. Change it there if the toolchain was changed on purpose.`,
      );
    const target = join(manifests, manifest.path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
};

async function assemble(step: Step, { definitions }: LabManifest): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), "onprem-lab-flux-"));
  try {
    const release = await moduleFolder(step, `github.com/fluxcd/flux2/v2@v${flux.version}`);
    cpSync(join(release, "manifests"), join(work, "manifests"), { recursive: true });
    for (const [name, version] of Object.entries(fluxControllers) as [ControllerName, string][]) {
      await copyController(step, work, name, version, definitions[name]);
      // Upstream's base fetches from the controller's release what its module holds as well.
      changeResources(join(work, "manifests", "bases", name, "kustomization.yaml"), (resources) =>
        resources.map((place) => {
          const [, part] = /\.(crds|deployment)\.yaml$/.exec(place) ?? [];
          if (!part) return place;
          return `../../../modules/${name}/${part === "crds" ? "crd" : "manager"}`;
        }),
      );
    }
    changeResources(join(work, "manifests", "install", "kustomization.yaml"), (resources) =>
      resources.filter((place) => {
        const [, name] = /^\.\.\/bases\/(.+)$/.exec(place) ?? [];
        return name === undefined || name in fluxControllers;
      }),
    );
    const kubectl = join(builtPrograms().folder, "kubectl");
    return await step.run(kubectl, ["kustomize", join(work, "manifests", "install")]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Copies what a controller's module holds of the manifest. */
async function copyController(
  step: Step,
  work: string,
  name: ControllerName,
  version: string,
  { module, without }: DefinitionSource = { module: version },
): Promise<void> {
  for (const [part, from] of [
    ["crd", module],
    ["manager", version],
  ] as const) {
    const source = await moduleFolder(step, `github.com/fluxcd/${name}@${from}`);
    cpSync(join(source, "config", part), join(work, "modules", name, part), { recursive: true });
  }
  if (without === undefined) return;
  const folder = join(work, "modules", name, "crd", "bases");
  for (const file of readdirSync(folder)) {
    change<{ spec: { versions: { name: string }[] } }>(join(folder, file), (definition) => {
      const versions = definition.spec.versions.filter((one) => one.name !== without);
      return { ...definition, spec: { ...definition.spec, versions } };
    });
  }
}

async function moduleFolder(step: Step, module: string): Promise<string> {
  const cwd = join(projectRoot, "lab", "toolchain", "gitops");
  const { Dir } = JSON.parse(await step.run("go", ["mod", "download", "-json", module], { cwd })) as { Dir: string };
  return Dir;
}

/** Rewrites the resources of a kustomization. */
function changeResources(file: string, resources: (given: string[]) => string[]): void {
  change<{ resources: string[] }>(file, (kustomization) => ({
    ...kustomization,
    resources: resources(kustomization.resources),
  }));
}

/** Rewrites a YAML file; what was copied out of the module cache cannot be written to. */
function change<Content>(file: string, changed: (content: Content) => Content): void {
  const content = parse(readFileSync(file, "utf8")) as Content;
  rmSync(file);
  writeFileSync(file, stringify(changed(content)));
}
