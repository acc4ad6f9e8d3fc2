import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";

/** What a check may know of the world. */
export interface CheckContext {
  /** The present. */
  now: Date;
  /** Whether a file exists, by its path relative to the project. */
  fileExists: (path: string) => boolean;
}

/** A pure rule over several settings; a section that is missing or beyond repair is absent. */
export type Check = (settings: Partial<OpenSettings>, context: CheckContext) => Problem[];
