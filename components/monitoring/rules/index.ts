import type { Watched } from "../args";
import { backupRules } from "./backup";
import { certificateRules, clusterRules } from "./cluster";
import { holdBackConsequences } from "./consequences";
import { databaseRules } from "./database";
import { gitopsRules } from "./gitops";
import { monitoringRules } from "./monitoring";
import { nodeRules } from "./nodes";
import { parseRules } from "./parse";
import type { RuleGroup } from "./rule";

/**
 * Every alert for the parts that a stack has; the same with and without Rancher.
 * @param watched the parts that are watched
 * @param monitoring namespace of the monitoring itself
 */
export function alertRules(watched: Watched, monitoring: string): RuleGroup[] {
  return holdBackConsequences([
    parseRules(watched),
    databaseRules(watched),
    nodeRules,
    clusterRules(watched, monitoring),
    ...(watched.parse.publicUrl?.startsWith("https:") ? [certificateRules] : []),
    ...(watched.backup ? [backupRules(watched.backup)] : []),
    ...(watched.gitops ? [gitopsRules] : []),
    monitoringRules(watched, monitoring),
  ]);
}
