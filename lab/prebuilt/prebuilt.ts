import type { PartName } from "../parts.js";
import type { Step } from "../steps.js";
import { type Artefact, readArtefacts } from "./artefact.js";
import { coreArtefacts } from "./core-artefacts.js";
import { prebuiltMode } from "./mode.js";
import { Publishers } from "./publishers.js";

/** The table of what is fetched: the publishers' own, or the one that `ONPREM_PREBUILT_TABLE` names. */
function artefacts(): readonly Artefact[] {
  const { ONPREM_PREBUILT_TABLE: file } = process.env;
  return file ? readArtefacts(file) : coreArtefacts();
}

let known: Publishers | undefined;

/** Who publishes a part's programs as such. Of the other parts some are published as images only, so all are compiled. */
function publishersOf(part: PartName): Publishers | undefined {
  if (part !== "core" || prebuiltMode() === "never") return undefined;
  known ??= new Publishers(artefacts());
  return known;
}

/**
 * Where a part's prebuilt programs lie, if the lab takes those: it does where `ONPREM_PREBUILT` is `always`, and in `auto`
 * once they are there.
 */
export function prebuiltPrograms(part: PartName): { readonly folder: string; readonly present: boolean } | undefined {
  const programs = publishersOf(part)?.programs();
  return programs?.present || prebuiltMode() === "always" ? programs : undefined;
}

/**
 * Fetches a part's programs from their publishers, where that is wanted and possible.
 * @param compiled whether compiled ones are there already, which `auto` prefers to a download
 * @returns their folder, or undefined: they are to be compiled
 * @throws LabError `download-failed` where `ONPREM_PREBUILT` is `always` and they cannot be had
 */
export async function fetchPrebuilt(step: Step, part: PartName, compiled: boolean): Promise<string | undefined> {
  const publishers = publishersOf(part);
  const mode = prebuiltMode();
  if (!publishers || mode === "never") return undefined;
  if (mode === "always" || publishers.programs().present) return publishers.fetch(step, mode);
  if (compiled) return undefined;
  const refused = publishers.memory.reason();
  if (refused === undefined) return publishers.fetch(step, mode);
  step.progress(`compiling, since the publishers' programs could not be had within the last day: ${refused}`);
  return undefined;
}

/** Whether a part's programs have to be compiled, and if so because their publishers failed: why. */
export interface Compilation {
  readonly needed: boolean;
  readonly refusal?: string;
}

/**
 * Finds out whether a part's programs have to be compiled. Asks their publishers, for 3 seconds at most, where that decides.
 * @param compiled whether compiled ones are there already
 */
export async function compilationOf(part: PartName, compiled: boolean): Promise<Compilation> {
  const publishers = publishersOf(part);
  if (compiled || !publishers) return { needed: !compiled };
  if (publishers.programs().present || (await publishers.areWorthAsking(prebuiltMode()))) return { needed: false };
  return { needed: true, refusal: publishers.memory.reason() };
}
