import type { GoModule } from "../go-modules.js";
import { backupCuts } from "./cuts/backup.js";
import { coreCuts } from "./cuts/core.js";
import type { Cut } from "./cuts/cut.js";
import { engineCuts } from "./cuts/engine.js";
import { fluxControllerCuts } from "./cuts/flux-controllers.js";
import { fluxLibraryCuts } from "./cuts/flux-libraries.js";
import { monitoringCuts } from "./cuts/monitoring.js";

/**
 * What is left out of the modules that each Go module of lab/toolchain compiles.
 * docs/decisions/0001-go-modules-of-the-toolchain.md says for each why the program is still the real one.
 */
export const cuts: Readonly<Record<GoModule, readonly Cut[]>> = {
  core: coreCuts,
  engine: engineCuts,
  backup: backupCuts,
  gitops: [...fluxControllerCuts, ...fluxLibraryCuts],
  monitoring: monitoringCuts,
};
