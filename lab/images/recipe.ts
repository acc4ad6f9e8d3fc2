import type { Step } from "../steps";
import type { ImageSettings } from "./archive";

/** How one image of the lab is put together. */
export interface ImageRecipe {
  /** Its full name, on the mirror's host: what the product's mirror setting makes of upstream's name. */
  readonly reference: string;
  readonly settings: ImageSettings;
  /** What, besides this file, pins the content. */
  readonly pins: () => readonly (string | Buffer)[];
  /** Fills `scratch` with root file systems; returns their folders, the lowest layer first. */
  readonly layers: (step: Step, scratch: string) => Promise<readonly string[]>;
}
