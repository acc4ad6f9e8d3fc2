import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache.js";
import type { Step } from "../steps.js";
import { packImage } from "./archive.js";
import { type ImageRecipe, imageRecipes } from "./recipes.js";

/** An image as a file that containerd imports. */
export interface BuiltImage {
  readonly reference: string;
  /** Changes whenever the content may have changed. */
  readonly key: string;
  readonly file: string;
}

const kind = (name: string) => `image-${name}`;

function keyFor(recipe: ImageRecipe): string {
  const recipes = readFileSync(join(__dirname, "recipes.js"));
  return keyOf(recipe.reference, JSON.stringify(recipe.settings), recipes, ...recipe.pins());
}

/** The names of the images that are not in the cache yet. */
export function missingImages(): string[] {
  return Object.entries(imageRecipes)
    .filter(([name, recipe]) => !isCached(kind(name), keyFor(recipe)))
    .map(([name]) => name);
}

/** Where a built image lies. */
export function builtImage(name: string): BuiltImage {
  const recipe = imageRecipes[name];
  if (!recipe) throw new RangeError(`no image is called ${name}`);
  const key = keyFor(recipe);
  return { reference: recipe.reference, key, file: join(cachePath(kind(name), key), "image.tar") };
}

/** Builds images, or finds them in the cache. */
export async function buildImages(step: Step, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    const recipe = imageRecipes[name];
    if (!recipe) throw new RangeError(`no image is called ${name}`);
    await cached(kind(name), keyFor(recipe), async (folder) => {
      step.progress(`image ${index + 1} of ${names.length}: ${name}`);
      const scratch = join(folder, "scratch");
      const layers = await recipe.layers(step, scratch);
      await packImage(step, recipe.reference, layers, recipe.settings, join(folder, "image.tar"));
      rmSync(scratch, { recursive: true, force: true });
    });
  }
}
