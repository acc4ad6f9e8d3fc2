import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache";
import type { PartName } from "../parts";
import type { Step } from "../steps";
import { packImage } from "./archive";
import type { ImageRecipe } from "./recipe";
import { imageRecipes } from "./recipes";

/** An image as a file that containerd imports. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  /** Changes whenever the content may have changed. */
  readonly key: string;
  readonly file: string;
}

const kind = (name: string) => `image-${name}`;

/** What every image depends on: the code that packs it, the layers that many share, and its part's recipes. */
function keyFor(part: PartName, recipe: ImageRecipe): string {
  const code = ["archive.js", "layers.js", `${part}.js`]
    .map((name) => join(__dirname, name))
    .filter(existsSync)
    .map((file) => readFileSync(file));
  return keyOf(recipe.reference, JSON.stringify(recipe.settings), ...code, ...recipe.pins());
}

/** Where a part's images lie once they are built. */
export function builtImages(part: PartName): BuiltImage[] {
  return Object.entries(imageRecipes[part]).map(([name, recipe]) => {
    const key = keyFor(part, recipe);
    return { name, reference: recipe.reference, key, file: join(cachePath(kind(name), key), "image.tar") };
  });
}

/** The names of a part's images that are not in the cache yet. */
export function missingImages(part: PartName): string[] {
  return builtImages(part)
    .filter(({ name, key }) => !isCached(kind(name), key))
    .map(({ name }) => name);
}

/**
 * Builds images of a part, or finds them in the cache.
 * @param names which; default: all of the part's
 */
export async function buildImages(
  step: Step,
  part: PartName,
  names: readonly string[] = Object.keys(imageRecipes[part]),
): Promise<void> {
  for (const [index, name] of names.entries()) {
    const recipe = imageRecipes[part][name];
    if (!recipe) throw new RangeError(`no image of the part ${part} is called ${name}`);
    await cached(kind(name), keyFor(part, recipe), async (folder) => {
      step.progress(`image ${index + 1} of ${names.length}: ${name}`);
      const scratch = join(folder, "scratch");
      const layers = await recipe.layers(step, scratch);
      await packImage(step, recipe.reference, layers, recipe.settings, join(folder, "image.tar"));
      rmSync(scratch, { recursive: true, force: true });
    });
  }
}
