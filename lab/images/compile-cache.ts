import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "../steps";

/** Where the image has the cache; Node.js 22 looks there when NODE_COMPILE_CACHE says so. */
export const compileCacheFolder = "/opt/compile-cache";

/**
 * A layer with the code that V8 made of a program's modules: each start takes it from there, and compiles nothing again. It
 * is good for one path, one user and one kind of processor; elsewhere Node.js compiles as without it.
 * See https://nodejs.org/docs/latest-v22.x/api/module.html#module-compile-cache
 * @param layers the image's, the lowest first
 * @param user id of the user that the program runs as
 * @param command what loads the modules and ends
 */
export async function compileCacheLayer(
  step: Step,
  scratch: string,
  layers: readonly string[],
  user: number,
  command: readonly string[],
): Promise<string> {
  const [root, layer] = [join(scratch, "compile-cache-root"), join(scratch, "compile-cache")];
  mkdirSync(root);
  // Links: nothing in the root is written but the cache.
  for (const folder of layers) await step.run("cp", ["--archive", "--link", `${folder}/.`, root]);
  const inRoot = join(root, compileCacheFolder);
  mkdirSync(inRoot, { recursive: true });
  chownSync(inRoot, user, user);
  const environment = ["PATH=/usr/local/bin:/usr/bin:/bin", `NODE_COMPILE_CACHE=${compileCacheFolder}`];
  await step.run("chroot", [`--userspec=${user}:${user}`, root, "/bin/env", "-i", ...environment, ...command]);
  await step.run("chmod", ["--recursive", "a+rX", inRoot]);
  mkdirSync(join(layer, "opt"), { recursive: true });
  await step.run("mv", [inRoot, join(layer, compileCacheFolder)]);
  await step.run("rm", ["-rf", root]);
  return layer;
}
