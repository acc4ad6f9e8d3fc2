import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { type BuiltImage, builtImages } from "../images/build";
import { paths } from "../layout";
import { chosenParts } from "../parts";
import type { Step } from "../steps";
import { ensureControlGroups } from "./control-groups";
import { keepImageStore, takeImageStore } from "./image-store";
import { startServer, stopServer, waitForServer } from "./processes";
import { nodeProgram, nodeProgramEnvironment } from "./programs";
import { containerd } from "./servers";

const client = (...args: readonly string[]) => ["--address", paths.containerdSocket, "--namespace", "k8s.io", ...args];

/** Starts the container runtime and gives it the images it lacks. */
export async function startContainerRuntime(step: Step): Promise<void> {
  ensureControlGroups();
  const images = chosenParts().flatMap(builtImages);
  const isNew = !existsSync(paths.containerdRoot);
  if (isNew && (await takeImageStore(step, images))) remember(Object.fromEntries(images.map(entryOf)));
  await start();
  const imported = await importImages(step, images);
  if (!isNew || imported === 0) return;
  await stopServer("containerd");
  await keepImageStore(step, images);
  await start();
}

async function start(): Promise<void> {
  startServer(containerd());
  const answers = () =>
    execa(nodeProgram("ctr"), client("version"), nodeProgramEnvironment()).then(
      () => true,
      () => false,
    );
  await waitForServer("containerd", answers, 60);
}

/** What was imported: reference → key. */
type Imported = Record<string, string>;

const entryOf = ({ reference, key }: BuiltImage) => [reference, key] as const;

const remember = (imported: Imported): void =>
  writeFileSync(paths.importedImages, JSON.stringify(imported, undefined, 2));

/** @returns how many it imported */
async function importImages(step: Step, images: readonly BuiltImage[]): Promise<number> {
  const imported: Imported = existsSync(paths.importedImages)
    ? JSON.parse(readFileSync(paths.importedImages, "utf8"))
    : {};
  let count = 0;
  for (const [index, image] of images.entries()) {
    if (imported[image.reference] === image.key) continue;
    step.progress(`importing image ${index + 1} of ${images.length}: ${image.name}`);
    await step.run(nodeProgram("ctr"), client("images", "import", image.file), nodeProgramEnvironment());
    imported[image.reference] = image.key;
    remember(imported);
    count += 1;
  }
  return count;
}
