import type { GateOverride, VerifiedBackup, Versions } from "../../components/platform/versions";
import { type Finding, type Properties, type ResourcePolicy, resourcePolicy } from "../definition";
import { type Framework, ours } from "../frameworks";
import { plain } from "../unknowns";
import { type SupportData, supportData } from "./support";

/** Type of the component whose inputs say from what to what a stack goes. */
export const VERSION_RECORD_TYPE = "onprem:platform:VersionRecord";

/** A change of versions, and what it relies on. */
export interface VersionChange {
  /** What was there before; absent for a first deployment. */
  from?: Versions;
  to: Versions;
  /** When it was decided. */
  at: Date;
  /** The newest backup that a drill had verified then. */
  backup?: VerifiedBackup;
  /** How old that backup may be, hours. */
  maximumBackupAgeHours: number;
  /** Whether the rules for production hold. */
  production: boolean;
}

/** Why a change is refused. */
export interface Refusal {
  /** The version that is refused, as a property of the change. */
  property: string;
  /** What is wrong, with the versions. */
  problem: string;
  /** What to do, as an imperative. */
  fix: string;
}

/** What is said of a gate. */
export interface GateDescription {
  name: string;
  description: string;
  severity: "medium" | "high" | "critical";
  link: string;
  /** What to do in general. */
  remedy: string;
  /** Every reason to refuse the change; none opens the gate. Pure. */
  evaluate(change: VersionChange, support: SupportData): Refusal[];
}

/** A policy that can stop an upgrade. */
export interface Gate extends Omit<ResourcePolicy, "thresholds"> {
  evaluate: GateDescription["evaluate"];
}

const FRAMEWORK: Framework = ours("No upgrade goes through a closed gate");

/** The override of a gate that was in force when the change was decided. */
export function overrideFor(gate: string, overrides: readonly GateOverride[], at: Date): GateOverride | undefined {
  const day = at.toISOString().slice(0, 10);
  return overrides.find((override) => override.gate === gate && override.expires >= day);
}

/** The change that a version record's inputs describe. */
export function changeOf(props: Properties, production: boolean): { change: VersionChange; overrides: GateOverride[] } {
  // Read through the guarded view first, so that what is not known yet leaves the gate undecided, not open.
  const { from, to, changedAt, backup, overrides, maximumBackupAgeHours } = props;
  const change = {
    ...(from ? { from: plain(from) } : {}),
    to: plain(to) ?? {},
    at: new Date(changedAt),
    ...(backup ? { backup: plain(backup) } : {}),
    maximumBackupAgeHours: maximumBackupAgeHours ?? 26,
    production,
  };
  return { change, overrides: plain(overrides) ?? [] };
}

/** Defines a gate: a policy on the stack's version record. */
export function defineGate(description: GateDescription): Gate {
  const { evaluate, ...rest } = description;
  const policy = resourcePolicy({
    ...rest,
    level: "mandatory",
    framework: FRAMEWORK,
    types: [VERSION_RECORD_TYPE],
    *check({ props }, { settings }): Iterable<Finding> {
      const { change, overrides } = changeOf(props, settings.production);
      if (overrideFor(description.name, overrides, change.at)) return;
      const expired = overrides.find(({ gate }) => gate === description.name);
      for (const refusal of evaluate(change, supportData)) {
        const note = expired ? ` (its override expired on ${expired.expires})` : "";
        yield { ...refusal, fix: `${refusal.fix}; or open the gate: onprem:policy.overrides${note}` };
      }
    },
  });
  return { ...policy, evaluate };
}
