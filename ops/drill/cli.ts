import "../../components/errors/supported-node";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { runCommand } from "../command";
import { Cluster } from "../recovery/cluster";
import { RecoveryError } from "../recovery/errors";
import { readTarget } from "../recovery/target";
import { Drill } from "./drill";
import { lossesOf } from "./losses";
import { ageOf, readRecords } from "./record";
import { type DrillResult, junitOf, markdownOf } from "./results";

interface Options {
  readonly stack: string;
  readonly lose: string;
  readonly reallyDestroy?: boolean;
  readonly objects: number;
  readonly users: number;
  readonly files: number;
  readonly out?: string;
  readonly last?: boolean;
  readonly maximumAgeDays: number;
}

const say = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
};

function write(folder: string, result: DrillResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "drill.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, "drill.xml"), junitOf(result));
  writeFileSync(join(folder, "drill.md"), markdownOf(result));
}

async function run(options: Options): Promise<void> {
  if (options.last) return tellLast(options);
  const losses = lossesOf(options.lose, options.reallyDestroy === true, options.stack);
  const target = await readTarget(options.stack);
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      say("stopping: what the drill made is taken away");
      abort.abort();
    });
  const { objects, users, files, out = join(".drill", options.stack) } = options;
  const result = await new Drill(target, { losses, objects, users, files, say, signal: abort.signal }).run();
  write(out, result);
  process.stdout.write(`\n${markdownOf(result)}\nResults: ${out}/drill.json, drill.xml, drill.md\n`);
  process.exitCode = result.passed ? 0 : 1;
}

/** Says how old the last proven restore is, without making a drill. */
async function tellLast({ stack, maximumAgeDays }: Options): Promise<void> {
  const target = await readTarget(stack);
  const cluster = new Cluster(target.kubeconfig);
  try {
    const { text, recent } = ageOf(await readRecords(cluster, target.velero), new Date(), maximumAgeDays);
    process.stdout.write(`${text}\n`);
    process.exitCode = recent ? 0 : 1;
  } finally {
    cluster.close();
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 to 999999 is needed.");
  return Number(text);
}

const command = new Command("drill")
  .description("Proves that a stack's backups bring its data back: writes marked data, backs up, restores, compares.")
  .requiredOption("--stack <name>", "the stack")
  .option(
    "--lose <what>",
    "nothing: restore into a copy beside it; objects, volume, namespace: delete that first; several with commas",
    "nothing",
  )
  .option("--really-destroy", "for what --lose deletes of the application")
  .option("--objects <count>", "marked objects", count, 1000)
  .option("--users <count>", "marked users", count, 20)
  .option("--files <count>", "marked files of 1 MiB, where the database keeps files", count, 20)
  .option("--last", "no drill: say how old the last proven restore is; exit code 1 when it is too old")
  .option("--maximum-age-days <days>", "for --last", count, 8)
  .option("--out <folder>", "where the results go; default .drill/STACK")
  .action(run);

void runCommand(command, RecoveryError);
