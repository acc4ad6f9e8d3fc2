import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CampaignPart, PieceResult } from "./part";

/** One piece of work that was done. */
export interface Result extends PieceResult {
  readonly part: string;
  readonly seed: number;
  /** Number of the piece, from 0. */
  readonly piece: number;
  /** The commit that was tested; with `-changed` where files differed from it. */
  readonly commit: string;
  /** Day on which it was done, `YYYY-MM-DD`. */
  readonly day: string;
}

/** The file that every run adds its results to, one in JSON a line. */
export class ResultsFile {
  constructor(private readonly path: string) {}

  /** Adds a result. What a killed run left of a line is ended first. */
  add(result: Result): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const torn = existsSync(this.path) && !/(^|\n)$/.test(readFileSync(this.path, "utf8"));
    appendFileSync(this.path, `${torn ? "\n" : ""}${JSON.stringify(result)}\n`);
  }

  /** Every result of a part on a commit, each piece of a seed once. */
  of(part: string, commit: string): Result[] {
    if (!existsSync(this.path)) return [];
    const found = new Map<string, Result>();
    for (const line of readFileSync(this.path, "utf8").split("\n")) {
      const result = parsed(line);
      if (result?.part === part && result.commit === commit) found.set(`${result.seed}/${result.piece}`, result);
    }
    return [...found.values()];
  }
}

function parsed(line: string): Result | undefined {
  try {
    return JSON.parse(line) as Result;
  } catch {
    return undefined;
  }
}

/** Figures over all results of one commit, in the part's order; those that nothing counted are 0. */
export function sumsOf(part: CampaignPart, results: readonly Result[]): Readonly<Record<string, number>> {
  const sum = (name: string) => results.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  return Object.fromEntries(Object.keys(part.figures).map((name) => [name, sum(name)]));
}

/** Figures that must be 0 and are not. */
export function broken(part: CampaignPart, sums: Readonly<Record<string, number>>): string[] {
  return Object.entries(part.figures)
    .filter(([name, { goal }]) => goal === 0 && (sums[name] ?? 0) > 0)
    .map(([name, { title }]) => `${title}: ${sums[name]}`);
}
