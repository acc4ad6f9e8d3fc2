import { checkAccess } from "./access";
import { checkBackup } from "./backup";
import type { Check } from "./check";
import { checkCluster } from "./cluster";
import { checkGitOps } from "./gitops";
import { checkMonitoring } from "./monitoring";
import { checkNetwork } from "./network";
import { checkParse } from "./parse";
import { checkRancher } from "./rancher";

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
