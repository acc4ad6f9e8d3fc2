import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Drill } from "./drill.js";
import { DrillError } from "./errors.js";
import { type DrillResult, junitOf, markdownOf } from "./results.js";
import { readTarget } from "./target.js";

interface Options {
  readonly stack: string;
  readonly lose: string;
  readonly reallyDestroy?: boolean;
  readonly objects: number;
  readonly users: number;
  readonly out?: string;
}

const say = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
};

function lossOf({ lose, reallyDestroy, stack }: Options): DrillResult["lost"] {
  if (lose !== "nothing" && lose !== "namespace")
    throw new DrillError(`--lose ${lose}: there are nothing (default) and namespace.`);
  if (lose === "namespace" && !reallyDestroy)
    throw new DrillError(
      `--lose namespace deletes the application of ${stack} with its data, and brings it back from the backup. Say --really-destroy too if that is meant.`,
    );
  return lose;
}

function write(folder: string, result: DrillResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "drill.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, "drill.xml"), junitOf(result));
  writeFileSync(join(folder, "drill.md"), markdownOf(result));
}

async function run(options: Options): Promise<void> {
  const lose = lossOf(options);
  const target = await readTarget(options.stack);
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      say("stopping: what the drill made is taken away");
      abort.abort();
    });
  const { objects, users, out = join(".drill", options.stack) } = options;
  const result = await new Drill(target, { lose, objects, users, say, signal: abort.signal }).run();
  write(out, result);
  process.stdout.write(`\n${markdownOf(result)}\nResults: ${out}/drill.json, drill.xml, drill.md\n`);
  process.exitCode = result.passed ? 0 : 1;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 to 999999 is needed.");
  return Number(text);
}

new Command("drill")
  .description("Proves that a stack's backups bring its data back: writes marked data, backs up, restores, compares.")
  .requiredOption("--stack <name>", "the stack")
  .option("--lose <what>", "nothing: restore into a copy beside it; namespace: delete the application first", "nothing")
  .option("--really-destroy", "for --lose namespace: the application's namespace is deleted")
  .option("--objects <count>", "marked objects", count, 1000)
  .option("--users <count>", "marked users", count, 20)
  .option("--out <folder>", "where the results go; default .drill/STACK")
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    const text = error instanceof DrillError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  });
