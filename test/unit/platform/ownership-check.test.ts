import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AdoptedObject } from "../../../components/kubernetes/ownership";
import { OwnershipCheck } from "../../../components/platform/ownership-check";
import type { OwnershipRecord } from "../../../components/platform/ownership-record";
import { outputValue, type Run, runProgram } from "../../support/pulumi-mocks";

const OWNED = { "onprem.platform/customer": "acme", "onprem.platform/project": "onprem-platform" };
const NAMESPACE = "/api/v1/namespaces/parse";
const SECRET = `${NAMESPACE}/secrets/keys`;
const DEFINITION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.com";

const KINDS = {
  "/api/v1": [
    { name: "namespaces", kind: "Namespace", namespaced: false },
    { name: "secrets", kind: "Secret", namespaced: true },
  ],
  "/apis/apiextensions.k8s.io/v1": [
    { name: "customresourcedefinitions", kind: "CustomResourceDefinition", namespaced: false },
  ],
};

/** Labels of an object that the cluster has; `null` for one without any. */
type Cluster = Readonly<Record<string, Record<string, string> | null>>;

const version = (name: string, storage = true) => ({ name, served: true, storage });
const OUR_SPEC = { group: "example.com", versions: [version("v1")] };

class Refused extends Error {
  readonly status = 404;
}

/** A cluster, and what it is asked. */
function clusterOf(cluster: Cluster, othersSpec: unknown) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    if (path in KINDS) return { resources: KINDS[path as keyof typeof KINDS] };
    const labels = cluster[path];
    if (labels === undefined) throw new Refused(`no ${path}`);
    return { metadata: { ...(labels ? { labels } : {}) }, spec: othersSpec };
  };
  return { asked, get };
}

interface Options {
  readonly cluster?: Cluster;
  readonly othersSpec?: unknown;
  readonly adopt?: readonly AdoptedObject[];
  readonly last?: OwnershipRecord;
  readonly hasRun?: boolean;
  readonly clusterExists?: boolean;
  readonly namespaces?: "own" | "existing";
}

interface Result {
  readonly record: OwnershipRecord;
  readonly asked: readonly string[];
  readonly run: Run<unknown>;
}

/** Runs a program with a namespace, a Secret in it, and a definition. */
async function check(options: Options = {}): Promise<Result> {
  const { cluster = {}, adopt = [], last, hasRun = last !== undefined, clusterExists = true } = options;
  const { namespaces = "own", othersSpec = OUR_SPEC } = options;
  const { asked, get } = clusterOf(cluster, othersSpec);
  const owner = { project: "onprem-platform", customer: "acme" };
  const run = await runProgram(() => {
    const api = async () => ({ get });
    const ownership = new OwnershipCheck({
      owner,
      adopt,
      namespaces,
      last: { record: last, hasRun },
      clusterExists,
      api,
    });
    const { transformation } = ownership;
    const parent = new pulumi.ComponentResource("onprem:test:Test", "test", {}, { transformations: [transformation] });
    const namespace = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: "parse", labels: { of: "ours" } } },
      { parent },
    );
    const place = pulumi.all(["parse", namespace.urn]).apply(([given]) => given);
    new kubernetes.core.v1.Secret("keys", { metadata: { name: "keys", namespace: place } }, { parent });
    new kubernetes.apiextensions.v1.CustomResourceDefinition(
      "things",
      { metadata: pulumi.output(Promise.resolve({ name: "things.example.com" })), spec: OUR_SPEC as never },
      { parent },
    );
    return ownership.collected();
  });
  return { record: await outputValue(run.result), asked, run };
}

const metadataOf = (run: Run<unknown>, type: string) => run.one(type).inputs.metadata;

describe("OwnershipCheck", () => {
  it("marks each object on its own metadata, beside the labels that it has", async () => {
    const { run } = await check();
    const namespace = { name: "parse", labels: { of: "ours", ...OWNED } };
    assert.deepEqual(metadataOf(run, "kubernetes:core/v1:Namespace"), namespace);
    assert.deepEqual(metadataOf(run, "kubernetes:core/v1:Secret"), { name: "keys", namespace: "parse", labels: OWNED });
    const definition = run.one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").inputs;
    assert.deepEqual(definition.metadata, { name: "things.example.com", labels: OWNED });
    assert.deepEqual(definition.spec, OUR_SPEC);
  });

  for (const [what, path] of Object.entries({ namespace: NAMESPACE, "object in a namespace": SECRET })) {
    it(`refuses a foreign ${what} before anything is registered`, async () => {
      await assert.rejects(check({ cluster: { [path]: null } }), /is not this stack's: .*onprem:site\.adopt/);
    });

    it(`takes over its own ${what}, such as one of a killed run or a lost state`, async () => {
      const { run } = await check({ cluster: { [path]: OWNED } });
      assert.equal(run.all("kubernetes:core/v1:Secret").length, 1);
    });
  }

  it("takes over what the settings name, and nothing else", async () => {
    const adopt = [{ kind: "Namespace", name: "parse" }];
    await check({ cluster: { [NAMESPACE]: null }, adopt });
    await assert.rejects(check({ cluster: { [NAMESPACE]: null, [SECRET]: null }, adopt }), /Secret parse\/keys/);
  });

  it("asks nothing where the last run had the same objects", async () => {
    const { record } = await check();
    const { asked } = await check({ last: record, cluster: { [NAMESPACE]: null } });
    assert.deepEqual(asked, ["/apis/apiextensions.k8s.io/v1", DEFINITION]);
  });

  it("asks again where there are other objects", async () => {
    const { record } = await check();
    const last = { ...record, objects: "others" };
    await assert.rejects(check({ last, cluster: { [SECRET]: null } }), /Secret parse\/keys/);
  });

  it("leaves it to the creation of each object where the last run was one of before 0.2.0", async () => {
    const { run } = await check({ hasRun: true, cluster: { [NAMESPACE]: null, [SECRET]: null } });
    const { hooks } = run.one("kubernetes:core/v1:Secret");
    assert.deepEqual(hooks, ["ownership-acme"]);
  });

  it("leaves it to the creation of each object where the cluster is not there yet", async () => {
    const { asked } = await check({ clusterExists: false });
    assert.deepEqual(asked, []);
  });

  it("uses a definition of somebody else's as it is, with neither labels nor a version of ours", async () => {
    const othersSpec = { group: "example.com", versions: [version("v1", false), version("v2")] };
    const { run } = await check({ cluster: { [DEFINITION]: { "olm.managed": "true" } }, othersSpec });
    const { metadata, spec } = run.one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").inputs;
    assert.deepEqual(metadata, { name: "things.example.com" });
    assert.deepEqual(spec, othersSpec);
  });

  it("refuses a definition of somebody else's that does not serve what is needed", async () => {
    const othersSpec = { group: "example.com", versions: [version("v1beta1")] };
    const cluster = { [DEFINITION]: { "olm.managed": "true" } };
    await assert.rejects(check({ cluster, othersSpec }), /things\.example\.com .* serves v1beta1, .* needs v1: /);
  });

  it("takes over a definition of nobody's, which outlived an earlier stack, and does not lower it", async () => {
    const specWith = async (...versions: object[]) => {
      const { run } = await check({ cluster: { [DEFINITION]: null }, othersSpec: { group: "example.com", versions } });
      return run.one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").inputs.spec as typeof OUR_SPEC;
    };
    assert.deepEqual(await specWith(version("v1"), version("v1beta1", false)), OUR_SPEC);
    assert.deepEqual((await specWith(version("v1", false), version("v2"))).versions.length, 2);
  });

  it("takes definitions of a run of before 0.2.0 for its own, but for those of another customer", async () => {
    const othersSpec = { group: "example.com", versions: [version("v1"), version("v0", false)] };
    const definition = async (labels: Record<string, string> | null) => {
      const { run } = await check({ hasRun: true, cluster: { [DEFINITION]: labels }, othersSpec });
      return run.one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").inputs.spec;
    };
    assert.deepEqual(await definition(null), OUR_SPEC);
    assert.deepEqual(await definition({ "onprem.platform/customer": "other" }), othersSpec);
  });

  it("refuses that namespaces change hands while the stack has them", async () => {
    const { record } = await check();
    await assert.rejects(
      check({ last: record, namespaces: "existing" }),
      /onprem:site\.namespaces was own .*existing now/,
    );
    await assert.rejects(check({ hasRun: true, namespaces: "existing" }), /onprem:site\.namespaces was own/);
    await check({ namespaces: "existing" });
  });
});
