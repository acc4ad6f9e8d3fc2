import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { labRoot, paths, projectRoot } from "../../lab/layout.js";
import { mirrorFolders } from "../../lab/mirror.js";
import { kubectl } from "../../lab/node/start.js";
import { chosenParts, partNames } from "../../lab/parts.js";
import { createStackCommand, labEnvironment } from "../../lab/stack.js";
import { LabStack } from "../lab/lab-stack.js";
import { timePrebuiltStart } from "./prebuilt-start.js";

/** How often each operation is timed. */
const rounds = Number(process.env.ONPREM_BENCH_ROUNDS ?? 3);

const operations = ["preview of all", "up from empty", "preview of nothing", "up of nothing", "destroy"] as const;
type Operation = (typeof operations)[number];
type Times = Record<Operation, number[]>;

const noTimes = (): Times => Object.fromEntries(operations.map((name) => [name, []])) as unknown as Times;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Times one round of every operation through an engine command. */
async function timeRound(times: Times, engine: (...args: readonly string[]) => Promise<unknown>): Promise<void> {
  times["preview of all"].push(await seconds(() => engine("preview")));
  times["up from empty"].push(await seconds(() => engine("up", "--yes", "--skip-preview")));
  times["preview of nothing"].push(await seconds(() => engine("preview", "--expect-no-changes")));
  times["up of nothing"].push(await seconds(() => engine("up", "--yes", "--skip-preview")));
  times.destroy.push(await seconds(() => engine("destroy", "--yes", "--skip-preview")));
}

/** The platform: the dev stack under a name of its own. */
async function timePlatform(stack: LabStack, manifestFile: string): Promise<{ times: Times; apply: number[] }> {
  const times = noTimes();
  const apply: number[] = [];
  await stack.create();
  // What a bench that was cut off left.
  await stack.run("cancel", "--yes");
  await stack.succeed("destroy", "--yes", "--skip-preview");
  try {
    for (let round = 0; round < rounds; round++) {
      console.log(`platform: round ${round + 1} of ${rounds}`);
      await timeRound(times, (...args) => stack.succeed(...args));
    }
    await stack.up();
    const secrets = await kubectl("-n", stack.namespace, "get", "secrets", "-o", "json");
    const manifest = await releaseManifest(stack.namespace);
    await stack.succeed("destroy", "--yes", "--skip-preview");
    writeFileSync(manifestFile, floorObjects(stack.namespace, secrets, manifest));
    for (let round = 0; round < rounds; round++) apply.push(await timeApply(stack.namespace, manifestFile));
  } finally {
    await stack.remove();
  }
  return { times, apply };
}

async function releaseManifest(namespace: string): Promise<string> {
  const { stdout } = await execa("helm", ["get", "manifest", "parse-server", "--namespace", namespace], {
    env: labEnvironment(),
  });
  return stdout;
}

/** The same objects as plain manifests: namespace, Secrets, and what the chart rendered. */
function floorObjects(namespace: string, secrets: string, manifest: string): string {
  const { items } = JSON.parse(secrets) as {
    items: Array<{ type: string; metadata: { name: string; namespace?: string }; data: unknown }>;
  };
  const plain = items
    .filter(({ type }) => type !== "helm.sh/release.v1")
    .map(({ type, metadata: { name }, data }) => ({
      apiVersion: "v1",
      kind: "Secret",
      type,
      metadata: { name, namespace },
      data,
    }));
  const documents = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, ...plain];
  return `${documents.map((document) => JSON.stringify(document)).join("\n---\n")}\n---\n${manifest}`;
}

/** The floor below `up`: kubectl applies the objects and waits until they are ready. */
async function timeApply(namespace: string, manifestFile: string): Promise<number> {
  const elapsed = await seconds(async () => {
    await kubectl("apply", "--namespace", namespace, "--filename", manifestFile);
    const ready = ["rollout", "status", "--namespace", namespace, "--timeout=180s"];
    await kubectl(...ready, "statefulset/parse-server-postgresql");
    await kubectl(...ready, "deployment/parse-server");
  });
  await kubectl("delete", "namespace", namespace);
  return elapsed;
}

/** The floor below everything: a program without resources on the same engine. */
async function timeEmptyProgram(): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), "onprem-bench-"));
  const times = noTimes();
  try {
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: empty\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    writeFileSync(join(folder, "index.js"), 'require("@pulumi/pulumi");\n');
    writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    const { PULUMI_OPTION_CONFIG_FILE: _, PULUMI_STACK: __, ...environment } = labEnvironment();
    const engine = (...args: readonly string[]) =>
      execa("pulumi", [...args, "--non-interactive"], { cwd: folder, env: { ...environment, PULUMI_STACK: "empty" } });
    await engine("stack", "select", "empty", "--create");
    try {
      for (let round = 0; round < rounds; round++) await timeRound(times, engine);
    } finally {
      await engine("stack", "rm", "--yes", "--force");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return times;
}

/** What the policy pack adds to a preview of everything that prod has, seconds. */
async function timePolicyPack(stack: LabStack): Promise<{ without: number[]; withPack: number[] }> {
  const times = { without: [] as number[], withPack: [] as number[] };
  stack.write({ ...stack.settings("prod"), sources: mirrorFolders });
  await stack.succeed(...createStackCommand(stack.name));
  try {
    for (let round = 0; round < rounds; round++) {
      console.log(`policy pack: round ${round + 1} of ${rounds}`);
      times.without.push(await seconds(() => stack.succeed("preview")));
      times.withPack.push(
        await seconds(() => stack.run("preview", "--policy-pack", join(projectRoot, "policy", "onprem-policies"))),
      );
    }
  } finally {
    stack.write(stack.settings());
    await stack.remove();
  }
  return times;
}

function showPolicyPack({ without, withPack }: { without: number[]; withPack: number[] }): void {
  const [bare, checked] = [median(without), median(withPack)];
  const seen = `${bare.toFixed(2)} s without the policy pack, ${checked.toFixed(2)} s with it`;
  console.log(`A preview of prod from nothing: ${seen}: ${(checked - bare).toFixed(2)} s more.`);
}

function show(platform: Times, empty: Times, apply: readonly number[]): void {
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i ? cell.padStart(14) : cell.padEnd(20))).join(""));
  row(["", "platform", "empty program", "ratio", "kubectl", "ratio"]);
  for (const name of operations) {
    const own = median(platform[name]);
    const floor = median(empty[name]);
    const cells = [name, `${own.toFixed(2)} s`, `${floor.toFixed(2)} s`, (own / floor).toFixed(1)];
    if (name === "up from empty") cells.push(`${median(apply).toFixed(2)} s`, (own / median(apply)).toFixed(2));
    row(cells);
  }
  console.log(`Medians of ${rounds} rounds. kubectl: apply of the same objects, and waiting until they are ready.`);
}

async function main(): Promise<void> {
  const empty = await timeEmptyProgram();
  const { times, apply } = await timePlatform(new LabStack("bench"), join(labRoot, "bench.yaml"));
  show(times, empty, apply);
  if (chosenParts().length === partNames.length) showPolicyPack(await timePolicyPack(new LabStack("bench-prod")));
  else console.log("What the policy pack adds is timed where the lab has every part: npm run lab up -- --all.");
  await timePrebuiltStart();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(`Is the lab up? npm run lab up. Its kubeconfig: ${paths.kubeconfig}`);
  process.exitCode = 1;
});
