import "../../components/errors/supported-node";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { runCommand } from "../command";
import { collect } from "./collect";
import { ReportError } from "./errors";
import { markdownOf } from "./markdown";
import { pageOf } from "./page";
import { ClusterReader } from "./prometheus";
import { readTarget } from "./target";

interface Options {
  readonly stack: string;
  readonly hours: number;
  readonly out?: string;
}

async function run({ hours, out, stack }: Options): Promise<void> {
  const folder = out ?? join(".report", stack);
  const target = await readTarget(stack);
  const report = await collect(target, new ClusterReader(target), hours);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, "report.md"), markdownOf(report));
  writeFileSync(join(folder, "report.html"), pageOf(report));
  process.stdout.write(`${folder}/report.html, report.md, report.json\n`);
}

function hoursOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 to 9999 is needed.");
  return Number(text);
}

const command = new Command("report")
  .description("Writes what a stack's Prometheus and cluster say of the last day: JSON, Markdown, one HTML page.")
  .requiredOption("--stack <name>", "the stack")
  .option("--hours <count>", "how far back; 168 is a week", hoursOf, 24)
  .option("--out <folder>", "where the report goes; default .report/STACK")
  .action(run);

void runCommand(command, ReportError);
