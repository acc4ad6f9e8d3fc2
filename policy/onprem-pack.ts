import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Policies, PolicyPack } from "@pulumi/policy";
import type { ServedPack } from "./narrowing";
import { newRun, remember, toCrossGuard } from "./pack";
import { policies } from "./policies";
import { projectRoot } from "./project";

const NAME = "onprem-platform";

/** The pack with every policy, about a run of which nothing is known yet. */
export function onpremPack(): ServedPack {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as { version: string };
  const run = newRun();
  return {
    name: NAME,
    version,
    definitions: policies,
    served: policies.map((policy) => toCrossGuard(policy, run)),
    remember: (resource) => remember(run, resource),
    knows: (urn) => run.resources.has(urn),
  };
}

/** Serves policies to the engine; once in a process. */
export function startPack(served: Policies): void {
  // The SDK reads the pack's version from the package.json of the working directory.
  process.chdir(projectRoot());
  new PolicyPack(NAME, {
    displayName: NAME,
    description: "What the platform must never be, and which upgrades are refused.",
    policies: served,
  });
}
