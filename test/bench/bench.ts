import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { labRoot, paths, projectRoot } from "../../lab/layout";
import { kubectl } from "../../lab/node/start";
import { labEnvironment } from "../../lab/stack";
import { PRELOADS_VARIABLE } from "../../stand-ins/language-host/plugin";
import { LabStack } from "../support/lab/lab-stack";
import { timePrebuiltStart } from "./prebuilt-start";
import { showProd, timeProd } from "./prod";
import { asUser, median, rounds, row, seconds, shown } from "./timing";

const operations = ["preview of all", "up from empty", "preview of nothing", "up of nothing", "destroy"] as const;
type Operation = (typeof operations)[number];
type Times = Record<Operation, number[]>;

/** What is timed once programs are started in one way. */
interface Comparison {
  readonly empty: Times;
  readonly platform: Times;
}

/** Ways to start programs; the first is a user's, whose language host loads nothing before them. */
const starts = [
  { title: "Unpatched: programs started as a user's", preloads: "never" },
  { title: "With what the lab's language host loads before a program", preloads: "always" },
] as const;

const noTimes = (): Times => Object.fromEntries(operations.map((name) => [name, []])) as unknown as Times;

/** Times one round of every operation through an engine command. */
async function timeRound(times: Times, engine: (...args: readonly string[]) => Promise<unknown>): Promise<void> {
  times["preview of all"].push(await seconds(() => engine("preview")));
  times["up from empty"].push(await seconds(() => engine("up", "--yes", "--skip-preview")));
  times["preview of nothing"].push(await seconds(() => engine("preview", "--expect-no-changes")));
  times["up of nothing"].push(await seconds(() => engine("up", "--yes", "--skip-preview")));
  times.destroy.push(await seconds(() => engine("destroy", "--yes", "--skip-preview")));
}

/** The platform: the dev stack under a name of its own. */
async function timePlatform(stack: LabStack): Promise<Times> {
  const times = noTimes();
  for (let round = 0; round < rounds; round++) {
    console.log(`platform: round ${round + 1} of ${rounds}`);
    await timeRound(times, (...args) => asUser(stack, ...args));
  }
  return times;
}

/** The floor below `up`: kubectl applies the objects that the stack makes, and waits until they are ready. */
async function timeKubectl(stack: LabStack, manifestFile: string): Promise<number[]> {
  await stack.up();
  const secrets = await kubectl("-n", stack.namespace, "get", "secrets", "-o", "json");
  const manifest = await releaseManifest(stack.namespace);
  await stack.succeed("destroy", "--yes", "--skip-preview");
  writeFileSync(manifestFile, floorObjects(stack.namespace, secrets, manifest));
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timeApply(stack.namespace, manifestFile));
  return times;
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

function show(title: string, { platform, empty }: Comparison, apply: readonly number[]): void {
  console.log(`\n${title}`);
  row(["", "platform", "empty program", "ratio", "kubectl", "more than both"]);
  for (const name of operations) {
    const own = median(platform[name]);
    const floor = median(empty[name]);
    const cells = [name, shown(own), shown(floor), (own / floor).toFixed(2)];
    if (name === "up from empty") cells.push(shown(median(apply)), shown(own - floor - median(apply)));
    row(cells);
  }
}

async function timeDev(stack: LabStack): Promise<void> {
  await stack.create();
  // What a bench that was cut off left.
  await stack.run("cancel", "--yes");
  await stack.succeed("destroy", "--yes", "--skip-preview");
  try {
    const compared: Comparison[] = [];
    for (const { title, preloads } of starts) {
      console.log(title);
      process.env[PRELOADS_VARIABLE] = preloads;
      compared.push({ empty: await timeEmptyProgram(), platform: await timePlatform(stack) });
    }
    const apply = await timeKubectl(stack, join(labRoot, "bench.yaml"));
    for (const [i, comparison] of compared.entries()) show(starts[i]?.title ?? "", comparison, apply);
    console.log(`Medians of ${rounds} rounds. kubectl: apply of the same objects, and waiting until they are ready.`);
  } finally {
    await stack.remove();
  }
}

async function main(): Promise<void> {
  await timeDev(new LabStack("bench"));
  for (const { title, preloads } of starts) {
    process.env[PRELOADS_VARIABLE] = preloads;
    const times = await timeProd(new LabStack("bench-prod"));
    console.log(`\n${title}`);
    showProd(times);
  }
  await timePrebuiltStart();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(`Is the lab up? npm run lab up. Its kubeconfig: ${paths.kubeconfig}`);
  process.exitCode = 1;
});
