/**
 * The policy pack. The engine starts it as a folder (`--policy-pack policy`, through its language host) or as a program
 * (`--policy-pack "$PWD/policy/onprem-policies"`, all of it in one file, which starts faster).
 */
import "../components/errors/supported-node";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import type { ResourceFacts } from "./definition";
import { serveNarrowed } from "./narrowing";
import { newRun, remember, toCrossGuard } from "./pack";
import { policies } from "./policies";
import { projectRoot } from "./project";

const NAME = "onprem-platform";

// The SDK reads the pack's version from the package.json of the working directory.
process.chdir(projectRoot());
const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as { version: string };

const run = newRun();
const served = policies.map((policy) => toCrossGuard(policy, run));

const pack = { name: NAME, version, definitions: policies, served };
const memory = {
  remember: (resource: ResourceFacts) => remember(run, resource),
  knows: (urn: string) => run.resources.has(urn),
};

serveNarrowed({ ...pack, ...memory }, () => {
  new PolicyPack(NAME, {
    displayName: NAME,
    description: "What the platform must never be, and which upgrades are refused.",
    policies: served,
  });
});
