/** What each setting of the cloud half changes alone, before any engine or cloud has a say. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { CustomerPlatform } from "../../../components/platform/platform";
import { parseSettings } from "../../../components/settings";
import { type JsonSchema, settingsJsonSchema } from "../../../components/settings/json-schema";
import { changed, effect, separable, together, wayTo } from "../../support/engine/changed-settings";
import { GIVEN_PASSWORD, REFUSED_SETTINGS, SETTING_EFFECTS, standing } from "../../support/engine/setting-effects";
import { type Registration, runProgram } from "../../support/pulumi-mocks";

/** What the clouds would answer. */
function compute({ type, name, inputs }: Registration): Record<string, unknown> | undefined {
  if (type === "gcp:compute/address:Address") return { address: "192.0.2.1" };
  if (type === "gcp:container/cluster:Cluster")
    return { endpoint: "192.0.2.10", masterAuth: { clusterCaCertificate: "Q0E=" } };
  if (type === "gcp:serviceaccount/account:Account") return { email: `${inputs.accountId}@example.com` };
  if (type === "gcp:serviceaccount/key:Key") return { privateKey: "e30=" };
  if (type === "gcp:secretmanager/secretVersion:SecretVersion") return { name: `versions/of/${name}/1` };
  if (type === "tls:index/selfSignedCert:SelfSignedCert") return { certPem: "CA PEM" };
  if (type === "tls:index/locallySignedCert:LocallySignedCert") return { certPem: "CERTIFICATE PEM" };
  if (type === "rancher2:index/bootstrap:Bootstrap") return { token: pulumi.secret("t0ken") };
  if (type === "rancher2:index/clusterSync:ClusterSync") return { kubeConfig: "", systemProjectId: "c-1:p-system" };
  return undefined;
}

const PLATFORM = "onprem:platform:";

async function registered(sections: Record<string, unknown>): Promise<Map<string, Registration>> {
  const settings = parseSettings({ customer: "acme", parse: {}, ...sections });
  const { registrations } = await runProgram(() => new CustomerPlatform("acme", { settings }), {
    compute,
    call: (_token, inputs) => ({ ...inputs, number: "123456" }),
  });
  return new Map(registrations.filter(({ type }) => !type.startsWith(PLATFORM)).map((each) => [each.urn, each]));
}

const named = ({ type, name }: Registration): string => `${type.split(":").pop()} ${name}`;

/** Inputs without those whose changes the engine is told to ignore, such as `spec.versions[0].name`. */
function without(inputs: Record<string, unknown>, ignored: readonly string[]): Record<string, unknown> {
  const copy = structuredClone(inputs);
  for (const path of ignored) {
    const way = wayTo(path);
    const last = way.pop() ?? path;
    const place = way.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], copy);
    if (place !== undefined) delete (place as Record<string | number, unknown>)[last];
  }
  return copy;
}

/** What a run registers otherwise than the one before. Whether a change needs a replacement is the cloud's word. */
function differences(before: Map<string, Registration>, after: Map<string, Registration>): string[] {
  const gone = [...before].flatMap(([urn, each]) => (after.has(urn) || !each.custom ? [] : [`delete ${named(each)}`]));
  const rest = [...after].flatMap(([urn, each]) => {
    const old = before.get(urn)?.inputs;
    if (!old) return each.custom ? [`create ${named(each)}`] : [];
    const [seen, now] = [without(old, each.ignoreChanges), without(each.inputs, each.ignoreChanges)];
    const names = [...new Set([...Object.keys(seen), ...Object.keys(now)])];
    const other = names.filter((name) => !isDeepStrictEqual(seen[name], now[name]));
    return other.length === 0 ? [] : [effect(`change ${named(each)}`, other)];
  });
  return [...gone, ...rest].sort();
}

describe("a setting of the cloud half that changes alone", () => {
  const path = process.env.PATH;
  const folder = mkdtempSync(join(tmpdir(), "setting-effects-"));
  const base = changed(standing, "access.users[1].initialPassword", GIVEN_PASSWORD);
  let standingResources: Map<string, Registration>;

  before(async () => {
    writeFileSync(join(folder, "gke-gcloud-auth-plugin"), "#!/bin/sh\n");
    chmodSync(join(folder, "gke-gcloud-auth-plugin"), 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
    standingResources = await registered(base);
  });
  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  for (const { setting, value, effects } of SETTING_EFFECTS) {
    const change = value === undefined ? "is taken out" : "is another one";
    it(`changes what its documentation says and nothing else: ${setting} ${change}`, async () => {
      const after = await registered(changed(base, setting, value));
      const expected = effects.map((line) => line.replace(/^(update|replace)/, "change")).sort();
      assert.deepEqual(differences(standingResources, after), expected);
    });
  }
});

/** Settings that cannot change in the stack that the table is of; where it is seen instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "cluster.kind": "another kind is another cluster: test/unit/platform/placement.test.ts",
  "rancher.tls.certificate": "a stack with a certificate that was given: test/engine/cloud-half-failures.test.ts",
  "rancher.tls.privateKey": "the same",
  "rancher.tls.caCertificate": "the same",
};

/** Every setting below a part of the schema that has a value of its own. */
function leaves(node: JsonSchema, path: string): string[] {
  const below = [node, ...(node.oneOf ?? [])].flatMap(({ properties }) => Object.entries(properties ?? {}));
  if (below.length > 0) return [...new Set(below.flatMap(([name, inner]) => leaves(inner, `${path}.${name}`)))];
  return node.items?.properties ? leaves(node.items, `${path}[]`) : [path];
}

/** The settings that a row gives a value. */
function given({ setting, value }: { setting: string; value: unknown }): string[] {
  const path = setting.replace(/\[\d+\]/g, "[]");
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => given({ setting: `${path}[]`, value: item }))];
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => given({ setting: `${path}.${name}`, value: inner })),
  ];
}

describe("the table of settings and effects", () => {
  it("has every setting of a GKE cluster, of Rancher and of access", () => {
    const { cluster, rancher, access } = settingsJsonSchema().properties ?? {};
    const gke = cluster?.oneOf?.find(({ properties }) => properties?.kind?.const === "gke");
    assert.ok(gke && rancher && access);
    const all = [...leaves(gke, "cluster"), ...leaves(rancher, "rancher"), ...leaves(access, "access")];
    assert.ok(all.length > 50, all.join("\n"));
    const known = [...SETTING_EFFECTS, ...REFUSED_SETTINGS].flatMap(given);
    const covered = (leaf: string) => known.some((path) => path === leaf || path.startsWith(`${leaf}.`));
    assert.deepEqual(
      all.filter((leaf) => !covered(leaf) && !ELSEWHERE[leaf]),
      [],
    );
  });
});

describe("changes of several settings", () => {
  const row = (setting: string, ...effects: string[]) => ({ setting, value: 1, effects });

  it("go into one preview where no property of a resource is changed by two of them", () => {
    const rows = [
      row("a", "update A x: p"),
      row("b", "update A x: q"),
      row("c", "update A x: p, r"),
      row("d", "create B y"),
    ];
    assert.deepEqual(
      separable(rows).map((group) => group.map(({ setting }) => setting)),
      [["a", "b", "d"], ["c"]],
    );
    assert.deepEqual(together(rows.slice(0, 2)), ["update A x: p, q"]);
  });

  it("are kept apart where one replaces what another updates, or lies within another", () => {
    const rows = [row("a", "update A x: p"), row("b", "replace A x: q"), row("a.c", "create B y")];
    assert.equal(separable(rows).length, 2);
    assert.equal(separable([row("a"), row("a.c")]).length, 2);
  });
});
