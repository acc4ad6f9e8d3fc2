import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { projectRoot } from "../../lab/layout";
import { runCampaign } from "./campaign";
import { tableOf, withFigures } from "./page";
import type { CampaignPart } from "./part";
import { broken, ResultsFile, sumsOf } from "./results";
import { settingsPart } from "./settings/part";

/** Every part. A new one is a file that exports a {@link CampaignPart}, an entry here, and its place in docs/reliability.md. */
const parts: Readonly<Record<string, CampaignPart>> = { settings: settingsPart };

const RESULTS = join(projectRoot, ".campaign", "results.jsonl");
const PAGE = join(projectRoot, "docs", "reliability.md");

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return number;
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

const git = (...args: string[]) => execFileSync("git", args, { cwd: projectRoot, encoding: "utf8" }).trim();

/** The commit that is tested. The page with the figures is not part of what is tested. */
function commit(): string {
  const changed = git("status", "--porcelain", "--", ".", ":!docs/reliability.md") !== "";
  return `${git("rev-parse", "--short=10", "HEAD")}${changed ? "-changed" : ""}`;
}

async function main(): Promise<void> {
  const command = new Command("test:campaign")
    .description(
      "Tries what no one writes down as a test: seeded, until the time is over; goes on where the last run stopped.",
    )
    .addOption(new Option("--part <name>", "what is tried").choices(Object.keys(parts)).makeOptionMandatory())
    .option("--seed <number>", "another seed is other work", wholeNumber, 1)
    .option("--minutes <count>", "when no further piece of work is begun", positive, 60)
    .parse();
  const { minutes, part: name, seed } = command.opts<{ part: string; seed: number; minutes: number }>();
  const part = parts[name] as CampaignPart;
  const results = new ResultsFile(RESULTS);
  const tested = commit();
  const say = (line: string) => console.log(line);
  await runCampaign({ name, part, seed, deadline: Date.now() + minutes * 60_000, commit: tested, results, say });
  const all = results.of(name, tested);
  if (all.length === 0) return;
  const figures = tableOf(part, all);
  console.log(`\n${figures}`);
  if (tested.endsWith("-changed")) console.log("\nFiles differ from the commit: docs/reliability.md is left as it is.");
  else writeFileSync(PAGE, withFigures(readFileSync(PAGE, "utf8"), name, figures));
  const wrong = broken(part, sumsOf(part, all));
  if (wrong.length > 0) {
    console.error(`\nNot as it should be: ${wrong.join("; ")}. What it was is in ${RESULTS}.`);
    process.exitCode = 1;
  }
}

main().catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
