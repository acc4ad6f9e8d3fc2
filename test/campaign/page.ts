import type { CampaignPart } from "./part";
import { type Result, sumsOf } from "./results";

const begin = (name: string) => `<!-- campaign ${name}: begin -->`;
const end = (name: string) => `<!-- campaign ${name}: end -->`;

/** A part's figures of one commit, as Markdown. */
export function tableOf(part: CampaignPart, results: readonly Result[]): string {
  const [first] = results;
  const days = results.map(({ day }) => day).sort();
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  const sums = sumsOf(part, results);
  const rows = Object.entries(part.figures).map(([name, { goal, title }]) => [
    title,
    String(sums[name] ?? 0),
    goal === undefined ? "" : String(goal),
  ]);
  const table = [["what", "counted", "goal"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [heading = [], ...body] = table;
  const last = days.at(-1);
  const when = days[0] === last ? `on ${last}` : `from ${days[0]} to ${last}`;
  return [
    `Of commit ${first?.commit}, ${when}, ${results.length} pieces of work with the seeds ${seeds.join(", ")}:`,
    "",
    line(heading),
    line(widths.map((width) => "-".repeat(width))),
    ...body.map(line),
  ].join("\n");
}

/**
 * A page with a part's figures in the place that is marked for them.
 * @throws Error when the page has no such place
 */
export function withFigures(page: string, name: string, figures: string): string {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place for the part ${name}: ${begin(name)}`);
  return `${page.slice(0, from)}${begin(name)}\n\n${figures}\n\n${page.slice(to)}`;
}
