import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import { checkAccess } from "./access";
import { checkBackup } from "./backup";
import { checkCluster } from "./cluster";
import { checkGitOps } from "./gitops";
import { checkMonitoring } from "./monitoring";
import { checkNetwork } from "./network";
import { checkParse } from "./parse";
import { checkRancher } from "./rancher";

/** What a check may know of the world. */
export interface CheckContext {
  /** The present. */
  now: Date;
  /** Whether a file exists, by its path relative to the project. */
  fileExists: (path: string) => boolean;
}

/** A pure rule over several settings; a section that is missing or beyond repair is absent. */
export type Check = (settings: Partial<OpenSettings>, context: CheckContext) => Problem[];

/** Every rule over several settings. */
export const checks: readonly Check[] = [
  checkCluster,
  checkNetwork,
  checkRancher,
  checkAccess,
  checkParse,
  checkMonitoring,
  checkGitOps,
  checkBackup,
];
