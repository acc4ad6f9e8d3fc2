import { type ProgramSet, programSetsOf } from "../go-modules";
import type { Step } from "../steps";
import { type Artefact, readArtefacts } from "./artefact";
import { coreArtefacts } from "./core-artefacts";
import { prebuiltMode } from "./mode";
import { Publishers } from "./publishers";

/** The table of what is fetched: the publishers' own, or the one that `ONPREM_PREBUILT_TABLE` names. */
function artefacts(): readonly Artefact[] {
  const { ONPREM_PREBUILT_TABLE: file } = process.env;
  return file ? readArtefacts(file) : coreArtefacts();
}

let known: Publishers | undefined;

/** Who publishes programs as such: of the parts other than the core some are published as images only, so all are compiled. */
function publishersOf(set: ProgramSet): Publishers | undefined {
  if (!programSetsOf.core.includes(set) || prebuiltMode() === "never") return undefined;
  known ??= new Publishers(artefacts());
  return known;
}

/**
 * Where prebuilt programs lie, if the lab takes those: it does where `ONPREM_PREBUILT` is `always`, and in `auto`
 * once they are there.
 */
export function prebuiltPrograms(set: ProgramSet): { readonly folder: string; readonly present: boolean } | undefined {
  const programs = publishersOf(set)?.programs();
  return programs?.present || prebuiltMode() === "always" ? programs : undefined;
}

/**
 * Fetches programs from their publishers, where that is wanted and possible.
 * @param compiled whether compiled ones are there already, which `auto` prefers to a download
 * @returns their folder, or undefined: they are to be compiled
 * @throws LabError `download-failed` where `ONPREM_PREBUILT` is `always` and they cannot be had
 */
export async function fetchPrebuilt(step: Step, set: ProgramSet, compiled: boolean): Promise<string | undefined> {
  const publishers = publishersOf(set);
  const mode = prebuiltMode();
  if (!publishers || mode === "never") return undefined;
  if (mode === "always" || publishers.programs().present) return publishers.fetch(step, mode);
  if (compiled) return undefined;
  const refused = publishers.memory.reason();
  if (refused === undefined) return publishers.fetch(step, mode);
  step.progress(`compiling, since the publishers' programs could not be had within the last day: ${refused}`);
  return undefined;
}

/** Whether programs have to be compiled, and if so because their publishers failed: why. */
export interface Compilation {
  readonly needed: boolean;
  readonly refusal?: string;
}

/**
 * Finds out whether programs have to be compiled. Asks their publishers, for 3 seconds at most, where that decides.
 * @param compiled whether compiled ones are there already
 */
export async function compilationOf(set: ProgramSet, compiled: boolean): Promise<Compilation> {
  const publishers = publishersOf(set);
  if (compiled || !publishers) return { needed: !compiled };
  if (publishers.programs().present || (await publishers.areWorthAsking(prebuiltMode()))) return { needed: false };
  return { needed: true, refusal: publishers.memory.reason() };
}
