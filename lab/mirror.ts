import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { paths } from "./layout";
import { mirrorFlux } from "./mirror/flux";
import { mirrorFluxImages } from "./mirror/flux-images";
import { mirrorMonitoring } from "./mirror/monitoring";
import { mirrorVelero } from "./mirror/velero";
import type { MirrorWriter } from "./mirror/writer";
import type { PartName } from "./parts";
import type { Step } from "./steps";

/** The folders that the lab's stacks name as `sources.charts` and `sources.manifests`. */
export const mirrorFolders = { charts: join(paths.mirror, "charts"), manifests: join(paths.mirror, "manifests") };

const writers: Readonly<Partial<Record<PartName, readonly MirrorWriter[]>>> = {
  backup: [mirrorVelero],
  gitops: [mirrorFlux, mirrorFluxImages],
  monitoring: [mirrorMonitoring],
};

/** Writes what an air-gapped site keeps in its mirror, for the given parts. */
export async function writeMirror(step: Step, parts: readonly PartName[]): Promise<void> {
  for (const folder of Object.values(mirrorFolders)) mkdirSync(folder, { recursive: true });
  for (const write of parts.flatMap((part) => writers[part] ?? [])) await write(step, mirrorFolders);
}
