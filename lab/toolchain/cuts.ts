import type { GoModule } from "../go-modules";
import { backupCuts } from "./cuts/backup";
import { coreCuts } from "./cuts/core";
import type { Cut } from "./cuts/cut";
import { engineCuts } from "./cuts/engine";
import { fluxControllerCuts } from "./cuts/flux-controllers";
import { fluxLibraryCuts } from "./cuts/flux-libraries";
import { monitoringCuts } from "./cuts/monitoring";

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
