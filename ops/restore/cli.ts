import "../../components/errors/supported-node";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { runCommand } from "../command";
import { Cluster } from "../recovery/cluster";
import { RecoveryError } from "../recovery/errors";
import { readTarget } from "../recovery/target";
import { ApplicationRestore, describeReport } from "./restore";

interface Options {
  readonly stack: string;
  readonly from: string;
  readonly only?: string;
  readonly replace?: boolean;
  readonly takeIncomplete?: boolean;
  readonly yes?: boolean;
}

const say = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
};

async function confirm(plan: string, yes: boolean): Promise<boolean> {
  process.stdout.write(`${plan}\n`);
  if (yes) return true;
  if (!process.stdin.isTTY) throw new RecoveryError("Nobody is there to be asked, and nothing was done: say --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Do it? Only yes is taken for yes: ");
  terminal.close();
  return answer.trim() === "yes";
}

async function run(options: Options): Promise<void> {
  const { stack, from, only, replace = false, takeIncomplete = false, yes = false } = options;
  if (only !== undefined && only !== "database")
    throw new RecoveryError(`--only ${only}: there is database; without it, all of the namespace is restored.`);
  const target = await readTarget(stack);
  const cluster = new Cluster(target.kubeconfig);
  try {
    const extent = only === "database" ? "database" : "namespace";
    const wish = { from, extent, replace, takeIncomplete, say, confirm: (plan: string) => confirm(plan, yes) } as const;
    const report = await new ApplicationRestore(cluster, target, wish).run();
    process.stdout.write(report ? `\n${describeReport(report, stack)}\n` : "Nothing was done.\n");
    process.exitCode = report && !report.warning ? 0 : 1;
  } finally {
    cluster.close();
  }
}

const command = new Command("restore")
  .description("Brings a stack's application back from a backup: shows what will happen, asks, does it, looks at it.")
  .requiredOption("--stack <name>", "the stack")
  .requiredOption("--from <backup>", "name of the backup; a wrong name lists those that there are")
  .option("--only <what>", "database: the database with its volumes, and nothing else of the namespace")
  .option("--replace", "deletes the application's namespace first, if it is there")
  .option("--take-incomplete", "takes a backup that is PartiallyFailed")
  .option("--yes", "does not ask")
  .action(run);

void runCommand(command, RecoveryError);
