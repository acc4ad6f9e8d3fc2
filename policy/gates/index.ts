import type { GateOverride } from "../../components/platform/versions";
import { backupVerified } from "./backup-verified";
import { type Gate, overrideFor, type Refusal, type VersionChange } from "./definition";
import { endOfLife } from "./end-of-life";
import { fluxMinorLowered } from "./flux-minor-lowered";
import { kubernetesMinorSkipped } from "./kubernetes-minor-skipped";
import { mongodbMajor } from "./mongodb-major";
import { parseMajorSkipped } from "./parse-major-skipped";
import { postgresqlMajor } from "./postgresql-major";
import { rancherKubernetesPair } from "./rancher-kubernetes-pair";
import { type SupportData, supportData } from "./support";

/** Every gate, in the order in which a reader meets them. */
export const gates: readonly Gate[] = [
  kubernetesMinorSkipped,
  rancherKubernetesPair,
  mongodbMajor,
  postgresqlMajor,
  parseMajorSkipped,
  fluxMinorLowered,
  endOfLife,
  backupVerified,
];

/** A gate's word on a change. */
export interface GateDecision extends Refusal {
  gate: string;
  /** What opened the gate all the same. */
  override?: GateOverride;
}

/**
 * What the gates say to a change: nothing where they are open, refusals where they are closed, and refusals with their
 * override where the settings opened them. Pure.
 */
export function evaluateGates(
  change: VersionChange,
  overrides: readonly GateOverride[] = [],
  support: SupportData = supportData,
): GateDecision[] {
  return gates.flatMap((gate) =>
    gate.evaluate(change, support).map((refusal) => {
      const override = overrideFor(gate.name, overrides, change.at);
      return { gate: gate.name, ...refusal, ...(override ? { override } : {}) };
    }),
  );
}
