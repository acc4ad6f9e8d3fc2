import "../components/errors/supported-node";
import { createReadStream, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { execa } from "execa";
import { busyShare, machineTime, ownCpuSeconds } from "./cpu-time";
import { LabError } from "./errors";
import { labRoot, paths, projectRoot } from "./layout";
import { readHostRecord } from "./node/host";
import { unenforcedPolicies } from "./node/network-policies";
import { runningPid, serverLog, startedServers } from "./node/processes";
import { kubectl, serviceAddress } from "./node/start";
import { removeState, stopNode } from "./node/stop";
import { addParts, type PartName, partNames } from "./parts";
import { type Phase, type PhaseTime, runLabPhases, runPhases } from "./phases";
import { checkHost } from "./preflight";
import { type ParseAddress, type ProvenCall, parseAddressOf, proveParse, waitForParse } from "./proof";
import { bringStackUp, ensureStack, labEnvironment, stackOutputs } from "./stack";
import type { Step } from "./steps";
import { whenLastLinkBegan } from "./toolchain/build";
import { putHugePagesBack } from "./toolchain/huge-pages";

const say = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};

function showTimes(times: readonly PhaseTime[]): void {
  for (const { name, seconds } of times) say(`  ${seconds.toFixed(1).padStart(7)} s  ${name}`);
}

function sayWhatIsOff(): void {
  const policies = unenforcedPolicies();
  if (policies) say(policies);
}

/** Of `up` and `start`. */
interface PartOptions {
  /** Whether the lab has every part from now on. */
  readonly all?: boolean;
  /** Parts that it has from now on. */
  readonly with?: readonly PartName[];
}

const choose = (options: PartOptions): void => addParts(options.all ? partNames : (options.with ?? []));

async function up(options: PartOptions): Promise<void> {
  choose(options);
  await checkHost();
  const times = await runLabPhases([{ id: "stack", title: "Plugins and stack", run: ensureStack }]);
  say("\nThe lab is up.");
  sayWhatIsOff();
  showTimes(times);
}

async function start(options: PartOptions): Promise<void> {
  const started = Date.now();
  const begun = machineTime();
  choose(options);
  await checkHost();
  let calls: ProvenCall[] = [];
  let address: ParseAddress | undefined;
  const further: readonly Phase[] = [
    { id: "pulumi-up", title: "pulumi up, stack dev", run: bringStackUp },
    {
      id: "proof",
      title: "Proof: requests to Parse Server",
      run: async (step) => {
        address = await parseAddress(step);
        step.progress("waiting until Parse Server is healthy");
        await waitForParse(address);
        calls = await proveParse(address);
      },
    },
  ];
  const times = await runLabPhases(further);
  say("\nThe platform of customer dev is up, and Parse Server answers:");
  sayWhatIsOff();
  for (const call of calls) say(`  ${call.name.padEnd(18)} ${call.status}  ${call.milliseconds} ms`);
  say("\nHow long each phase took:");
  showTimes(times);
  say(`  ${((Date.now() - started) / 1000).toFixed(1).padStart(7)} s  in all`);
  say(`  ${ownCpuSeconds().toFixed(1).padStart(7)} s  of CPU time, with npm's, without what the lab's servers took`);
  const lastLink = whenLastLinkBegan();
  if (lastLink) {
    const share = (100 * busyShare(begun, lastLink)).toFixed(0);
    say(`  ${share.padStart(7)} %  of the machine's ${availableParallelism()} cores was busy until the last link`);
  }
  say(`
Where things are:
  Parse Server      ${address?.url} (from this machine and from pods)
  its keys          npm run lab exec -- pulumi stack output parse --show-secrets
  the cluster       npm run lab exec -- kubectl get pods --all-namespaces
  the stack         npm run lab exec -- pulumi preview
  logs              npm run lab logs
  stop, keep state  npm run lab down
  remove it all     npm run lab reset`);
}

async function parseAddress(step: Step): Promise<ParseAddress> {
  const { parse } = (await stackOutputs(step)) as { parse: Record<string, string> };
  const { namespace = "", service = "" } = parse;
  return parseAddressOf(parse, await serviceAddress(namespace, service));
}

async function status(): Promise<void> {
  const servers = startedServers();
  if (servers.length === 0) {
    say("The lab is stopped. Start it: npm run lab up");
    process.exitCode = 3;
    return;
  }
  if (readHostRecord()?.labRoot !== labRoot) say(`The lab that runs belongs to ${readHostRecord()?.labRoot}.`);
  for (const name of servers) {
    const pid = runningPid(name);
    say(`${name.padEnd(26)} ${pid === undefined ? "STOPPED" : `runs, pid ${pid}`}`);
    if (pid === undefined) process.exitCode = 3;
  }
  // An API server without its store keeps a question for a minute.
  const pods = kubectl("get", "pods", "--all-namespaces", "--request-timeout=5s");
  say(await pods.catch(() => "The API server does not answer."));
}

function holder(): void {
  const record = readHostRecord();
  if (record) say(record.labRoot);
}

async function down(): Promise<void> {
  putHugePagesBack();
  await runPhases([{ id: "down", title: "Stop the lab", run: stopNode }]);
}

async function reset(): Promise<void> {
  putHugePagesBack();
  await runPhases([
    { id: "down", title: "Stop the lab", run: stopNode },
    { id: "reset", title: "Remove the lab's state", run: removeState },
  ]);
}

async function logs(name: string | undefined): Promise<void> {
  if (name === undefined) {
    say(`Logs are in ${paths.logs}. Show one: npm run lab logs NAME`);
    for (const server of startedServers()) say(`  ${server}`);
    return;
  }
  const file = serverLog(name);
  if (!existsSync(file))
    throw new LabError("not-running", `There is no log of ${name}. \`npm run lab logs\` lists them.`);
  await new Promise((resolve) =>
    createReadStream(file)
      .on("close", () => resolve(undefined))
      .pipe(process.stdout),
  );
}

async function execute(command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command;
  const result = await execa(program, args, {
    cwd: projectRoot,
    env: labEnvironment(),
    stdio: "inherit",
    reject: false,
  });
  if (result.code === "ENOENT") throw new LabError("missing-program", `${program} is not on PATH.`);
  process.exitCode = result.exitCode ?? 1;
}

function environment(): void {
  for (const [name, value] of Object.entries(labEnvironment()))
    say(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
}

const untilReset = "from now until the lab is reset";
const everyPart = new Option("--all", `every part, ${untilReset}: backups, GitOps and monitoring beside the core`);
const someParts = new Option("--with <parts...>", `these parts, ${untilReset}`).choices(partNames.slice(1));

const program = new Command("lab")
  .description("A real one-node Kubernetes and the Pulumi engine on this machine.")
  .enablePositionalOptions();
program
  .command("start")
  .description("up, then pulumi up on the stack dev, then proof by real requests")
  .addOption(everyPart)
  .addOption(someParts)
  .action(start);
program
  .command("up")
  .description("build or reuse the toolchain, start the node")
  .addOption(everyPart)
  .addOption(someParts)
  .action(up);
program.command("status").description("what runs; exit code 3 when something does not").action(status);
program
  .command("holder")
  .description("the folder of the lab that this machine runs; nothing when there is none")
  .action(holder);
program.command("down").description("stop it, keep its state, put the host back").action(down);
program.command("reset").description("stop it and remove its state").action(reset);
program.command("logs").argument("[server]").description("a server's log").action(logs);
program
  .command("exec")
  .argument("<command...>")
  .description("run a command on the lab's stack and cluster")
  .passThroughOptions()
  .action(execute);
program.command("env").description("print the lab's environment, for eval").action(environment);

// Whoever reads this may have read enough: `npm run lab status | head -n 1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
program.parseAsync().catch((error: unknown) => {
  const known = error instanceof LabError;
  process.stderr.write(`\n${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  // What runs beside the failed step is stopped with this process.
  process.exit(1);
});
