/**
 * The policy pack. The engine starts it as a folder (`--policy-pack policy`, through its language host) or as a program
 * (`--policy-pack "$PWD/policy/onprem-policies"`, all of it in one file, which starts faster).
 */
import "../components/errors/supported-node";
import { PolicyPack } from "@pulumi/policy";
import { newRun, toCrossGuard } from "./pack";
import { policies } from "./policies";
import { projectRoot } from "./project";

const NAME = "onprem-platform";

// The SDK reads the pack's version from the package.json of the working directory.
process.chdir(projectRoot());

const run = newRun();
new PolicyPack(NAME, {
  displayName: NAME,
  description: "What the platform must never be, and which upgrades are refused.",
  policies: policies.map((policy) => toCrossGuard(policy, run)),
});
