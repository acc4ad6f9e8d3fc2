import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findingsOf, type PolicyFinding } from "../../ops/preview/findings";
import type { PolicyDefinition, Properties, ResourceFacts } from "../../policy/definition";
import { policies } from "../../policy/policies";
import { PLATFORM_TYPE, type PolicyRunSettings } from "../../policy/run-settings";
import { cloudCases } from "../support/policy/cases/cloud";
import { kubernetesCases } from "../support/policy/cases/kubernetes";
import { platformCases } from "../support/policy/cases/platform";
import { type Mutation, mutated, type PolicyCase, resource } from "../support/policy/policy-case";
import { EngineStack } from "./engine";

const PROJECT = join(__dirname, "../../..");
const PACKS = { "a program": join(PROJECT, "policy", "onprem-policies"), "a folder": join(PROJECT, "policy") };
const CASES: Readonly<Record<string, PolicyCase>> = { ...cloudCases, ...kubernetesCases, ...platformCases };

/** Providers are made by the engine itself, and these three judge the platform's own record. */
const APART = ["rancher-verified", "exceptions-current", "exceptions-shown", "overrides-shown"];

function platform(settings: Partial<PolicyRunSettings> = {}): ResourceFacts {
  const { imageMirror, ...policy } = settings;
  const inputs = { customer: "acme", policy: { production: true, ...policy }, ...(imageMirror ? { imageMirror } : {}) };
  return resource(PLATFORM_TYPE, inputs, { name: "acme" });
}

/** Inputs of an object in a namespace of its own. */
function moved(props: Properties, prefix: string): Properties {
  const copy = structuredClone(props);
  const place = (namespace: string) => `${prefix}-${namespace}`;
  if (copy.metadata?.namespace) copy.metadata.namespace = place(copy.metadata.namespace);
  const watched = copy.spec?.namespaceSelector;
  if (watched?.matchNames) watched.matchNames = watched.matchNames.map(place);
  const backedUp = copy.spec?.template;
  if (backedUp?.includedNamespaces) backedUp.includedNamespaces = backedUp.includedNamespaces.map(place);
  return copy;
}

/** Resources under names and in namespaces of their own, so that many sets fit into one stack. */
function named(resources: readonly ResourceFacts[], prefix: string): ResourceFacts[] {
  return resources.map((one, index) => ({ ...one, props: moved(one.props, prefix), name: `${prefix}-${index}` }));
}

const testable = policies.filter(({ name }) => CASES[name] !== undefined && !APART.includes(name));
const onStacks = testable.filter(({ looksAt }) => looksAt === "stack");
const onResources = testable.filter(({ looksAt }) => looksAt !== "stack");
const caseOf = ({ name }: PolicyDefinition) => CASES[name] as PolicyCase;

describe("the policy pack on the real engine", () => {
  const stack = new EngineStack("given-resources", { attached: [] });
  const resourcesFile = join(stack.folder, "resources.json");
  const log = join(stack.folder, "events.json");

  before(async () => {
    process.env.RESOURCES = resourcesFile;
    process.env.PULUMI_DEBUG_COMMANDS = "true";
    await stack.create();
  });

  after(async () => {
    delete process.env.RESOURCES;
    delete process.env.PULUMI_DEBUG_COMMANDS;
    await stack.remove();
  });

  async function preview(resources: readonly ResourceFacts[], pack = PACKS["a program"]) {
    writeFileSync(resourcesFile, JSON.stringify(resources));
    writeFileSync(log, "");
    const result = await stack.run("preview", "--policy-pack", pack, "--event-log", log);
    return { ...result, findings: findingsOf(readFileSync(log, "utf8")) };
  }

  /** What a policy says of a set of resources, or of the stack. */
  const ofSet = (findings: readonly PolicyFinding[], policy: string, set: string) =>
    findings.filter(
      ({ policy: by, name, type }) => by === policy && (name.startsWith(`${set}-`) || type === "pulumi:pulumi:Stack"),
    );

  for (const [kind, pack] of Object.entries(PACKS)) {
    it(`starts as ${kind} and lets a run without a fault pass`, async () => {
      const { exitCode, findings, output } = await preview([platform({ production: false })], pack);
      assert.equal(exitCode, 0, output);
      assert.deepEqual(findings, []);
      assert.match(output, /onprem-platform/);
    });
  }

  it("has nothing to say of what complies, resource by resource and as a whole", async () => {
    const compliant = testable.flatMap((policy) => named(caseOf(policy).compliant, policy.name));
    const { findings } = await preview([platform(), ...compliant]);
    const own = testable.flatMap(({ name }) => ofSet(findings, name, name));
    assert.deepEqual(
      own.map(({ message }) => message),
      [],
    );
  });

  it("finds every violation, and names the resource, the property and the fix", async () => {
    const sets = onResources.flatMap((policy) =>
      caseOf(policy)
        .violating.filter(({ settings }) => !settings)
        .map((mutation, index) => ({ policy, mutation, prefix: `${policy.name}-${index}` })),
    );
    const broken = sets.flatMap(({ policy, mutation, prefix }) =>
      named(mutated(caseOf(policy).compliant, mutation), prefix),
    );
    const { exitCode, findings } = await preview([platform({ allowedRegions: ["europe-west3", "EU"] }), ...broken]);
    assert.notEqual(exitCode, 0);
    for (const { policy, mutation, prefix } of sets) {
      const name = `${prefix}-${mutation.of ?? 0}`;
      const found = findings.filter((finding) => finding.policy === policy.name && finding.name === name);
      const places = [mutation.found ?? mutation.set].flat();
      assert.equal(found.length, places.length, `${policy.name} on ${mutation.set}`);
      for (const [index, { message, level }] of found.entries()) {
        assert.equal(level, policy.level);
        assert.ok(message.includes(`${places[index]} `), message);
        assert.ok(message.includes(name) && message.includes("Fix: "), message);
      }
    }
  });

  it("stops, and names the policy, when a policy fails itself: it does not count as passed", async () => {
    const [deployment] = kubernetesCases["pods-baseline"]?.compliant ?? [];
    assert.ok(deployment);
    const odd = mutated([deployment], { set: "spec.template.spec.containers", to: 5 });
    const { exitCode, output } = await preview([platform(), ...odd]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /Error validating resource with policy 'pods-baseline'/);
  });

  describe("on stacks that are wrong as a whole", () => {
    let findings: PolicyFinding[];
    before(async () => {
      const broken = onStacks.flatMap((policy) => {
        const { compliant, violating } = caseOf(policy);
        return named(mutated(compliant, violating[0] as Mutation), policy.name);
      });
      const result = await preview([platform(), ...broken]);
      assert.notEqual(result.exitCode, 0);
      findings = result.findings;
    });

    for (const { name, level } of onStacks) {
      it(`finds what violates ${name}`, () => {
        const [found, ...others] = ofSet(findings, name, name);
        assert.deepEqual(others, []);
        assert.equal(found?.level, level);
        assert.match(found?.message ?? "", /\nFix: \S/);
      });
    }
  });
});
