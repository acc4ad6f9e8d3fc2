import type { PartName } from "../parts";
import { backupImages } from "./backup";
import { coreImages } from "./core";
import { gitopsImages } from "./gitops";
import { monitoringImages } from "./monitoring";
import type { ImageRecipe } from "./recipe";

/** The images of each part; `lab/images/PART.ts` holds their recipes. */
export const imageRecipes: Readonly<Record<PartName, Readonly<Record<string, ImageRecipe>>>> = {
  core: coreImages,
  backup: backupImages,
  gitops: gitopsImages,
  monitoring: monitoringImages,
};
