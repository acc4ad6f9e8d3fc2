import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf, markUsed } from "../cache";
import type { BuiltImage } from "../images/build";
import { paths } from "../layout";
import type { Step } from "../steps";
import { nodeProgram } from "./programs";

/**
 * The container runtime's folder with exactly these images, unpacked, as the cache keeps it for new labs: unpacking takes
 * most of a lab's first start. Layers and blobs never change once they are there, so each lab has links to the same files.
 */
const KIND = "image-store";
/** They are large, and one a choice of parts is of use. */
const KEPT = 3;

const keyFor = (images: readonly BuiltImage[]): string =>
  keyOf(nodeProgram("containerd"), ...images.map(({ reference, key }) => `${reference} ${key}`).sort());

/** Folders below the runtime's whose files never change: https://github.com/containerd/containerd/blob/main/docs/ops.md#base-configuration */
const UNCHANGING: readonly string[] = [
  "io.containerd.content.v1.content/blobs",
  "io.containerd.snapshotter.v1.overlayfs/snapshots",
];

/** Copies the folder of a runtime that does not run; what never changes is linked. */
export async function copyStore(step: Pick<Step, "run">, from: string, to: string): Promise<void> {
  await step.run("cp", ["--archive", "--link", from, to]);
  const own = (folder: string): void => {
    for (const entry of readdirSync(join(to, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !UNCHANGING.includes(path)) own(path);
      if (!entry.isFile()) continue;
      rmSync(join(to, path));
      copyFileSync(join(from, path), join(to, path));
    }
  };
  own(".");
}

/**
 * Gives a runtime that never ran a folder with these images, if the cache has one.
 * @returns whether it has them now
 */
export async function takeImageStore(step: Step, images: readonly BuiltImage[]): Promise<boolean> {
  const key = keyFor(images);
  if (existsSync(paths.containerdRoot) || !isCached(KIND, key)) return false;
  const draft = `${paths.containerdRoot}.draft`;
  rmSync(draft, { recursive: true, force: true });
  try {
    await copyStore(step, join(cachePath(KIND, key), "root"), draft);
    renameSync(draft, paths.containerdRoot);
    markUsed(KIND, key);
    return true;
  } catch (error) {
    // The cache may lie on another file system, to which no links lead.
    step.log(`the images are imported: ${(error as Error).message}`);
    rmSync(draft, { recursive: true, force: true });
    return false;
  }
}

/** Keeps the folder of a runtime that does not run, and has these images and nothing else. */
export async function keepImageStore(step: Step, images: readonly BuiltImage[]): Promise<void> {
  try {
    await cached(KIND, keyFor(images), (folder) => copyStore(step, paths.containerdRoot, join(folder, "root")), KEPT);
  } catch (error) {
    step.log(`the images are not kept for the next lab: ${(error as Error).message}`);
  }
}
