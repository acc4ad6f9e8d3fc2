import type { PartName } from "../parts.js";
import { backupImages } from "./backup.js";
import { coreImages } from "./core.js";
import { gitopsImages } from "./gitops.js";
import { monitoringImages } from "./monitoring.js";
import type { ImageRecipe } from "./recipe.js";

/** The images of each part; `lab/images/PART.ts` holds their recipes. */
export const imageRecipes: Readonly<Record<PartName, Readonly<Record<string, ImageRecipe>>>> = {
  core: coreImages,
  backup: backupImages,
  gitops: gitopsImages,
  monitoring: monitoringImages,
};
