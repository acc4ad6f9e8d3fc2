import assert from "node:assert/strict";
import { accepted } from "../../policy/accepted";
import { type PolicyDefinition, type ResourceFacts, resourcePolicy } from "../../policy/definition";
import { evaluateResource, thresholdsOf } from "../../policy/evaluate";
import { ours } from "../../policy/frameworks";
import { newRun, remember, toCrossGuard } from "../../policy/pack";
import { policies } from "../../policy/policies";
import { type PolicyException, runSettingsOf, STRICTEST } from "../../policy/run-settings";
import { resource } from "../support/policy/policy-case";

const NOW = new Date("2026-11-25T23:59:00Z");
const bucket = resource("gcp:storage/bucket:Bucket", { uniformBucketLevelAccess: true }, { name: "store" });
const policy = policies.find(({ name }) => name === "buckets-private") as PolicyDefinition;

const exception = (more: Partial<PolicyException>): PolicyException => ({
  policy: "buckets-private",
  resource: "store",
  reason: "A public download area, decided by J. Doe",
  expires: "2026-11-25",
  ...more,
});

const count = (...exceptions: PolicyException[]) =>
  evaluateResource(policy, bucket, { ...STRICTEST, exceptions }, {}, NOW).violations.length;

describe("an exception", () => {
  it("lets the named resource deviate, on its last day too", () => assert.equal(count(exception({})), 0));
  it("ends after its last day", () => assert.equal(count(exception({ expires: "2026-11-24" })), 1));
  it("covers one policy alone", () => assert.equal(count(exception({ policy: "labels-present" })), 1));
  it("covers the named resource alone", () => assert.equal(count(exception({ resource: "other" })), 1));
  it("may cover a whole type", () => assert.equal(count(exception({ resource: `${bucket.type}::*` })), 0));
});

describe("a deviation that the project accepts", () => {
  it("names policies that exist, and why it has to be", () => {
    const names = policies.map(({ name }) => name);
    for (const { policies: deviated, what, reason } of accepted) {
      for (const name of deviated) assert.ok(names.includes(name), name);
      assert.match(reason, /\.$/, what);
    }
  });

  it("covers Velero's node-agent and not another DaemonSet", () => {
    const spec = { template: { spec: { hostPID: true, containers: [] } } };
    const agent = (name: string) =>
      resource("kubernetes:apps/v1:DaemonSet", { kind: "DaemonSet", metadata: { name, namespace: "velero" }, spec });
    const baseline = policies.find(({ name }) => name === "pods-baseline") as PolicyDefinition;
    assert.equal(evaluateResource(baseline, agent("node-agent"), STRICTEST).violations.length, 0);
    assert.equal(evaluateResource(baseline, agent("other"), STRICTEST).violations.length, 1);
  });
});

describe("thresholds", () => {
  it("are the schema's defaults unless the engine was configured", () => {
    const schema = { publicPorts: { type: "array", description: "Ports.", default: [443] } } as const;
    assert.deepEqual(thresholdsOf<{ publicPorts: readonly number[] }>(schema), { publicPorts: [443] });
    assert.deepEqual(thresholdsOf<{ publicPorts: readonly number[] }>(schema, { publicPorts: [8443] }), {
      publicPorts: [8443],
    });
  });
});

describe("settings of the policies", () => {
  it("are the strictest for a stack that says nothing", () => assert.deepEqual(runSettingsOf({}), STRICTEST));
});

interface Served {
  validateResource(args: object, report: (message: string, urn?: string) => void): void;
}

function serve(definition: PolicyDefinition, given: ResourceFacts, run = newRun()) {
  const reported: [string, string | undefined][] = [];
  const served = toCrossGuard(definition, run) as Served;
  served.validateResource({ ...given, opts: { protect: given.protect }, getConfig: () => ({}) }, (message, urn) =>
    reported.push([message, urn]),
  );
  return reported;
}

describe("a policy as the engine sees it", () => {
  it("reports the resource, the property and the fix", () => {
    const [[message, urn] = []] = serve(policy, bucket);
    assert.match(message ?? "", /^gcp:storage\/bucket:Bucket "store": publicAccessPrevention is not enforced\.\nFix: /);
    assert.equal(urn, bucket.urn);
  });

  it("follows the settings from the moment the platform is registered", () => {
    const run = newRun();
    const platform = resource("onprem:platform:CustomerPlatform", {
      customer: "acme",
      policy: { production: true, exceptions: [exception({ expires: "2999-01-01" })] },
    });
    assert.equal(serve(policy, bucket, run).length, 1);
    remember(run, platform);
    assert.equal(serve(policy, bucket, run).length, 0);
  });

  it("lets an error out, so that the engine reports the policy as failing and not as passed", () => {
    const broken = resourcePolicy({
      ...policy,
      name: "broken",
      framework: ours("A test"),
      types: [bucket.type],
      check() {
        throw new TypeError("a mistake in the policy");
      },
    });
    assert.throws(() => serve(broken, bucket), /a mistake in the policy/);
  });
});
