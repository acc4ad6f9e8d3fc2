import assert from "node:assert/strict";
import type { PolicyDefinition, ResourceFacts } from "../../policy/definition";
import { type Evaluation, evaluateResource, evaluateStack, messageOf } from "../../policy/evaluate";
import { gates } from "../../policy/gates";
import { policies } from "../../policy/policies";
import { type PolicyRunSettings, STRICTEST } from "../../policy/run-settings";
import { cloudCases } from "../support/policy/cases/cloud";
import { kubernetesCases } from "../support/policy/cases/kubernetes";
import { platformCases } from "../support/policy/cases/platform";
import { asSeen, mutated, type PolicyCase, withUnknown } from "../support/policy/policy-case";

const NOW = new Date("2026-11-25T09:00:00Z");
const CASES: Readonly<Record<string, PolicyCase>> = { ...cloudCases, ...kubernetesCases, ...platformCases };

/** Policies with a test file of their own. */
const ELSEWHERE = [...gates.map(({ name }) => name), "charts-rendered"];

function evaluate(
  policy: PolicyDefinition,
  resources: readonly ResourceFacts[],
  settings: Partial<PolicyRunSettings> = {},
): Evaluation {
  const run = { ...STRICTEST, customer: "acme", ...settings };
  const seen = asSeen(resources);
  if (policy.looksAt === "stack") return evaluateStack(policy, seen, run, {}, NOW);
  const evaluations = seen.map((resource) => evaluateResource(policy, resource, run, {}, NOW));
  const undecided = evaluations.find((evaluation) => evaluation.undecided)?.undecided;
  return { violations: evaluations.flatMap(({ violations }) => violations), ...(undecided ? { undecided } : {}) };
}

describe("policies", () => {
  it("each have a case here or a test of their own", () => {
    const tested = [...Object.keys(CASES), ...ELSEWHERE].sort();
    assert.deepEqual(policies.map(({ name }) => name).sort(), tested);
  });

  it("have kebab-case names, each once", () => {
    const names = policies.map(({ name }) => name);
    for (const name of names) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.equal(new Set(names).size, names.length);
  });

  it("state their properties in one order", () => {
    const order = [
      "looksAt",
      "name",
      "description",
      "level",
      "severity",
      "framework",
      "link",
      "remedy",
      "thresholds",
      "types",
      "kinds",
      "check",
    ];
    for (const policy of policies) {
      if (ELSEWHERE.includes(policy.name)) continue;
      const keys = Object.keys(policy);
      assert.deepEqual(
        keys,
        order.filter((key) => keys.includes(key)),
        policy.name,
      );
    }
  });

  it("say what must hold and how it is fixed, as sentences, with a page to read", () => {
    for (const { name, description, remedy, link, framework } of policies) {
      for (const sentence of [description, remedy]) assert.match(sentence, /^[A-Z].*\.$/, name);
      assert.match(link, /^https:\/\//, name);
      assert.ok(framework.name && framework.specification, name);
    }
  });

  it("give every threshold a default of its type and a description", () => {
    for (const { name, thresholds } of policies) {
      for (const [key, schema] of Object.entries(thresholds ?? {})) {
        const { type, default: value, description } = schema as { type: string; default: unknown; description: string };
        const actual = Array.isArray(value) ? "array" : typeof value === "number" ? "integer" : typeof value;
        assert.equal(actual, type, `${name}.${key}`);
        assert.match(description, /\.$/, `${name}.${key}`);
      }
    }
  });
});

for (const policy of policies) {
  const given = CASES[policy.name];
  if (!given) continue;
  describe(`policy ${policy.name}`, () => {
    it("is content with compliant resources", () => {
      const { violations, undecided } = evaluate(policy, given.compliant, given.settings);
      assert.deepEqual(violations.map(messageOf), []);
      assert.equal(undecided, undefined);
    });

    for (const mutation of given.violating) {
      it(`finds ${mutation.set} = ${JSON.stringify(mutation.to)?.slice(0, 60)}`, () => {
        const settings = { ...given.settings, ...mutation.settings };
        const { violations } = evaluate(policy, mutated(given.compliant, mutation), settings);
        const found = violations.map(({ property }) => property);
        assert.deepEqual(found, [mutation.found ?? mutation.set].flat());
        for (const violation of violations) assert.match(messageOf(violation), /\nFix: \S.*\.$/);
      });
    }

    it(`${given.unknownIsPassedOver ? "passes over" : "is undecided on"} an unknown ${given.unknown}`, () => {
      const { violations, undecided } = evaluate(policy, withUnknown(given.compliant, given.unknown), given.settings);
      assert.deepEqual(violations.map(messageOf), []);
      if (given.unknownIsPassedOver) assert.equal(undecided, undefined);
      else assert.match(String(undecided), /can't be known during preview/);
    });
  });
}
