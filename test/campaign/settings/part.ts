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

/** Settings in a piece of work, and how many of those that are taken go further. */
const IN_A_PIECE = 100;
const THROUGH_PROGRAM = 3;
const THROUGH_CLUSTER = 1;

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
  stacks: { title: "of those, rendered through a strict dry run of the real API server", goal: 100 },
  objects: { title: "objects that the API server took" },
  unknownKinds: { title: "objects of kinds that the cluster had no definition of" },
  refusedObjects: { title: "objects that the API server refused", goal: 0 },
} as const;

const nothing = (): Counts => Object.fromEntries(Object.keys(figures).map((name) => [name, 0])) as Counts;

/** Settings that somebody may write by mistake: they are taken or refused in words, and what is taken works. */
export const settingsPart: CampaignPart = {
  description: "Settings with mistakes in them, through the loader, the program, the policies and the API server.",
  figures,
  pieces: 100,
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

  async piece(number: number): Promise<PieceResult> {
    const random = new Random(this.seed * 1_000_003 + number);
    const counts = nothing();
    const findings: string[] = [];
    const taken: Mutated[] = [];
    for (let index = 0; index < IN_A_PIECE; index++) {
      const mutated = mutate(random.pick(this.examples), random);
      const outcome = await this.thread.run(taskOf(mutated, "load"), LOAD_LIMIT);
      counts.settings += 1;
      if (outcome?.loaded === "taken") taken.push(mutated);
      for (const name of faultsOf(mutated, outcome)) {
        counts[name] += 1;
        findings.push(`${name}: ${JSON.stringify({ ...mutated, outcome })}`);
      }
    }
    counts.taken = taken.length;
    for (const [index, mutated] of taken.slice(0, THROUGH_PROGRAM).entries()) {
      findings.push(...(await this.further(mutated, index < THROUGH_CLUSTER && this.cluster, counts)));
    }
    return { counts, findings };
  }

  /** What is taken, through the program and the policies, and to the API server. */
  private async further(mutated: Mutated, toCluster: boolean, counts: Counts): Promise<string[]> {
    const outcome = await this.thread.run(taskOf(mutated, toCluster ? "objects" : "policies"), PROGRAM_LIMIT);
    counts.programs += 1;
    if (outcome?.program === undefined || outcome.program.crashed) {
      counts.programCrashes += 1;
      return [`programCrashes: ${JSON.stringify({ ...mutated, outcome })}`];
    }
    if (outcome.program.message !== "") {
      counts.programRefusals += 1;
      const quoted = mutated.canaries.filter((canary) => outcome.program?.message.includes(canary));
      counts.secretsQuoted += quoted.length;
      return quoted.map(() => `secretsQuoted: ${JSON.stringify({ ...mutated, outcome })}`);
    }
    if (!toCluster) return [];
    const verdict = await dryRun(outcome.objects ?? []);
    counts.stacks += 1;
    counts.objects += verdict.taken;
    counts.unknownKinds += verdict.unknown;
    counts.refusedObjects += verdict.refused.length;
    return verdict.refused.map((line) => `refusedObjects: ${line} ${JSON.stringify(mutated)}`);
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
