import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignPart, PieceResult, RunningPart } from "../part";
import { clusterAnswers, dryRun } from "./dry-run";
import { examples } from "./examples";
import { type Mutated, mutate } from "./mutate";
import { Random } from "./random";
import { SettingsThread } from "./thread";
import type { Outcome, Task } from "./worker";

/** Pieces of work, settings in each, and how many of those that are taken go through the program. */
const PIECES = 100;
const IN_A_PIECE = 100;
const THROUGH_PROGRAM = 4;

/** How long the loader, and the program with the policies, may take, milliseconds. Neither takes a tenth of it on an idle machine. */
const LOAD_LIMIT = 10_000;
const PROGRAM_LIMIT = 120_000;

type Counts = Record<keyof typeof figures, number>;

const figures = {
  settings: { title: "settings, mutated from every example, through the real loader", goal: 10_000 },
  taken: { title: "of those, taken" },
  hangs: { title: "hangs", goal: 0 },
  stackTraces: { title: "stack traces", goal: 0 },
  secretsQuoted: { title: "secrets quoted", goal: 0 },
  programs: { title: "of those that were taken, through the program and the policies", goal: 300 },
  programRefusals: { title: "of those, refused by the program in a sentence" },
  programCrashes: { title: "programs and policies that stumbled", goal: 0 },
  stacks: { title: "of those that were taken, rendered through a strict dry run of the real API server", goal: 100 },
  objects: { title: "objects that the API server took" },
  unknownKinds: { title: "objects of kinds that the cluster had no definition of" },
  refusedObjects: { title: "objects that the API server refused", goal: 0 },
} as const;

const nothing = (): Counts => Object.fromEntries(Object.keys(figures).map((name) => [name, 0])) as Counts;

/** Settings that somebody may write by mistake: they are taken or refused in words, and what is taken works. */
export const settingsPart: CampaignPart = {
  description: "Settings with mistakes in them, through the loader, the program, the policies and the API server.",
  figures,
  // Each piece of settings has one for the API server, which needs the lab, and comes after all of them.
  pieces: 2 * PIECES,
  start: async (seed) => new SettingsPart(seed, await clusterAnswers()),
};

class SettingsPart implements RunningPart {
  private readonly folder = mkdtempSync(join(tmpdir(), "campaign-"));
  private readonly thread = new SettingsThread(this.folder);
  private readonly examples = examples();

  constructor(
    private readonly seed: number,
    private readonly cluster: boolean,
  ) {}

  piece(number: number): Promise<PieceResult | undefined> {
    return number < PIECES ? this.load(number) : this.apply(number - PIECES);
  }

  /** Settings of a piece, one after the other. */
  private *mutated(piece: number): Generator<Mutated> {
    const random = new Random(this.seed * 1_000_003 + piece);
    for (let index = 0; index < IN_A_PIECE; index++) yield mutate(random.pick(this.examples), random);
  }

  /** All settings of a piece through the loader, and some of those that are taken through the program and the policies. */
  private async load(piece: number): Promise<PieceResult> {
    const counts = nothing();
    const findings: string[] = [];
    const taken: Mutated[] = [];
    for (const mutated of this.mutated(piece)) {
      const outcome = await this.thread.run(taskOf(mutated, "load"), LOAD_LIMIT);
      counts.settings += 1;
      if (outcome?.loaded === "taken") taken.push(mutated);
      for (const name of faultsOf(mutated, outcome)) {
        counts[name] += 1;
        findings.push(`${name}: ${JSON.stringify({ ...mutated, outcome })}`);
      }
    }
    counts.taken = taken.length;
    for (const mutated of taken.slice(0, THROUGH_PROGRAM)) findings.push(...(await this.deploy(mutated, counts)));
    return { counts, findings };
  }

  /** Settings that are taken, through the program and the policies. */
  private async deploy(mutated: Mutated, counts: Counts): Promise<string[]> {
    const outcome = await this.thread.run(taskOf(mutated, "policies"), PROGRAM_LIMIT);
    counts.programs += 1;
    if (outcome?.program === undefined || outcome.program.crashed) {
      counts.programCrashes += 1;
      return [`programCrashes: ${JSON.stringify({ ...mutated, outcome })}`];
    }
    if (outcome.program.message === "") return [];
    counts.programRefusals += 1;
    const quoted = mutated.canaries.filter((canary) => outcome.program?.message.includes(canary));
    counts.secretsQuoted += quoted.length;
    return quoted.map(() => `secretsQuoted: ${JSON.stringify({ ...mutated, outcome })}`);
  }

  /** The first settings of a piece of which the program makes objects, to the API server. */
  private async apply(piece: number): Promise<PieceResult | undefined> {
    if (!this.cluster) return undefined;
    const counts = nothing();
    for (const mutated of this.mutated(piece)) {
      const outcome = await this.thread.run(taskOf(mutated, "objects"), PROGRAM_LIMIT);
      if (!outcome?.objects?.length) continue;
      const { refused, taken, unknown } = await dryRun(outcome.objects);
      counts.stacks += 1;
      counts.objects += taken;
      counts.unknownKinds += unknown;
      counts.refusedObjects += refused.length;
      return { counts, findings: refused.map((line) => `refusedObjects: ${line} ${JSON.stringify(mutated)}`) };
    }
    return { counts, findings: [] };
  }

  async stop(): Promise<void> {
    await this.thread.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const taskOf = ({ clear, file, secretSections }: Mutated, depth: Task["depth"]): Task => ({
  clear,
  file,
  secretSections,
  depth,
});

/** What should not have come of loading settings. */
function faultsOf({ canaries }: Mutated, outcome: Outcome | undefined): ("hangs" | "stackTraces" | "secretsQuoted")[] {
  if (outcome === undefined) return ["hangs"];
  const { loaded, message } = outcome;
  const trace = loaded === "crashed" || /\n\s+at .+:[0-9]+:[0-9]+/.test(message);
  const quotes = canaries.some((canary) => message.includes(canary));
  return [...(trace ? (["stackTraces"] as const) : []), ...(quotes ? (["secretsQuoted"] as const) : [])];
}
