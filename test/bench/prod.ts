/** What a preview of the whole of prod costs, with its policies and without. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../lab/layout";
import { mirrorFolders, writeMirror } from "../../lab/mirror";
import { createStackCommand } from "../../lab/stack";
import { openStep } from "../../lab/steps";
import type { LabStack } from "../support/lab/lab-stack";
import { asUser, median, rounds, seconds, shown } from "./timing";

/** Plugins that the lab serves itself, in Node.js, for programs that come ready to run. */
const STAND_INS = ["gcp", "rancher2", "random", "tls"] as const;

interface ProdTimes {
  /** Until all stand-ins are ready to be called; they start at once. */
  readonly standIns: number[];
  readonly withoutPolicies: number[];
  readonly withPolicies: number[];
}

/** Times previews of prod from nothing. The stand-ins are started before, and timed apart. */
export async function timeProd(stack: LabStack): Promise<ProdTimes> {
  const times: ProdTimes = { standIns: [], withoutPolicies: [], withPolicies: [] };
  // Of the parts that prod's own settings name, these have files in a mirror.
  await writeMirror(openStep("bench-mirror", console.log), ["backup"]);
  stack.write({ ...stack.settings("prod"), sources: mirrorFolders });
  await stack.succeed(...createStackCommand(stack.name));
  const pack = join(projectRoot, "policy", "onprem-policies");
  try {
    for (let round = 0; round < rounds; round++) {
      console.log(`prod: round ${round + 1} of ${rounds}`);
      times.withoutPolicies.push(await timePreview(stack, times.standIns));
      times.withPolicies.push(await timePreview(stack, times.standIns, "--policy-pack", pack));
    }
  } finally {
    stack.write(stack.settings());
    await stack.remove();
  }
  return times;
}

async function timePreview(stack: LabStack, standIns: number[], ...options: readonly string[]): Promise<number> {
  const started: ChildProcess[] = [];
  const attached: string[] = [];
  const serve = async (name: string) => {
    const script = join(projectRoot, "dist", "stand-ins", name, "plugin.js");
    const env = { ...process.env, ONPREM_CLOUD_LEDGER: stack.ledger.folder };
    const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    const [port] = await once(createInterface(child.stdout), "line");
    attached.push(`${name}:${port}`);
  };
  try {
    standIns.push(await seconds(() => Promise.all(STAND_INS.map(serve))));
    process.env.PULUMI_DEBUG_PROVIDERS = attached.join(",");
    return await seconds(() => asUser(stack, "preview", ...options));
  } finally {
    delete process.env.PULUMI_DEBUG_PROVIDERS;
    for (const child of started) child.kill();
  }
}

/** Prints them. */
export function showProd({ standIns, withoutPolicies, withPolicies }: ProdTimes): void {
  const [bare, checked] = [median(withoutPolicies), median(withPolicies)];
  console.log(`A preview of prod from nothing: ${shown(checked)} with policies, ${shown(bare)} without.`);
  console.log(
    `Before it, and not in it: ${shown(median(standIns))} for the stand-ins ${STAND_INS.join(", ")} to start.`,
  );
}
