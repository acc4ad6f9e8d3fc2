import type { CampaignPart } from "./part";
import type { Result, ResultsFile } from "./results";

/** What one run of a part is told. */
export interface CampaignRun {
  readonly name: string;
  readonly part: CampaignPart;
  readonly seed: number;
  /** When no further piece is begun, milliseconds since 1970. */
  readonly deadline: number;
  readonly commit: string;
  readonly results: ResultsFile;
  /** Says how far it is. */
  readonly say: (line: string) => void;
  /** The time, milliseconds since 1970. Default: the clock's. */
  readonly now?: () => number;
}

/** Does the pieces that no earlier run of this commit and seed did, in order, until all are done or the time is over. */
export async function runCampaign(run: CampaignRun): Promise<Result[]> {
  const { commit, deadline, name, now = Date.now, part, results, say, seed } = run;
  const done = new Set(
    results
      .of(name, commit)
      .filter((result) => result.seed === seed)
      .map(({ piece }) => piece),
  );
  const left = Array.from({ length: part.pieces }, (_, piece) => piece).filter((piece) => !done.has(piece));
  say(`${name}: ${done.size} of ${part.pieces} pieces are done with seed ${seed}`);
  if (left.length === 0 || now() >= deadline) return [];
  const made: Result[] = [];
  const running = await part.start(seed);
  try {
    for (const piece of left) {
      if (now() >= deadline) break;
      const outcome = await running.piece(piece);
      if (outcome === undefined) {
        say(`${name}: piece ${piece + 1} is left for a run in which the lab is up`);
        continue;
      }
      const { counts, findings } = outcome;
      const day = new Date(now()).toISOString().slice(0, 10);
      const result = { part: name, seed, piece, commit, day, counts, findings };
      results.add(result);
      made.push(result);
      for (const finding of findings) say(finding);
      say(`${name}: piece ${piece + 1} of ${part.pieces}`);
    }
  } finally {
    await running.stop();
  }
  return made;
}
