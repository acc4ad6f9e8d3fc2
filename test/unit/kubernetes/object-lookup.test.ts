import assert from "node:assert/strict";
import { ObjectLookup } from "../../../components/kubernetes/object-lookup";

class Refused extends Error {
  constructor(readonly status: number | undefined) {
    super(`answered ${status}`);
  }
}

/** An API that has these paths, and counts what it is asked. */
function api(answers: Record<string, unknown>, missing: number | null = 404) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    if (path in answers) return answers[path];
    throw new Refused(missing ?? undefined);
  };
  return { asked, get };
}

const kinds = (...resources: Array<[name: string, kind: string, namespaced: boolean]>) => ({
  resources: resources.map(([name, kind, namespaced]) => ({ name, kind, namespaced })),
});
const APPS = kinds(["deployments", "Deployment", true], ["deployments/scale", "Deployment", true]);
const deployment = (name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", namespace: "parse", name });

describe("ObjectLookup", () => {
  it("finds objects under the names that the API has for their kinds, which it asks for once", async () => {
    const path = "/apis/apps/v1/namespaces/parse/deployments";
    const found = { metadata: { labels: { a: "b" } } };
    const reader = api({ "/apis/apps/v1": APPS, [`${path}/one`]: found, [`${path}/two`]: found });
    const there = await new ObjectLookup(reader).findAll(["one", "none", "two"].map(deployment));
    assert.deepEqual(
      there.map(({ object }) => object.name),
      ["one", "two"],
    );
    assert.deepEqual(reader.asked.sort(), ["/apis/apps/v1", `${path}/none`, `${path}/one`, `${path}/two`]);
  });

  it("looks for objects of the whole cluster outside of namespaces", async () => {
    const found = { metadata: {} };
    const reader = api({ "/api/v1": kinds(["namespaces", "Namespace", false]), "/api/v1/namespaces/parse": found });
    assert.equal(await new ObjectLookup(reader).find({ apiVersion: "v1", kind: "Namespace", name: "parse" }), found);
  });

  it("finds nothing of kinds that the cluster does not have, and of what it may not read", async () => {
    assert.equal(await new ObjectLookup(api({})).find(deployment("one")), undefined);
    assert.equal(await new ObjectLookup(api({ "/apis/apps/v1": kinds() })).find(deployment("one")), undefined);
    assert.equal(await new ObjectLookup(api({ "/apis/apps/v1": APPS }, 403)).find(deployment("one")), undefined);
  });

  it("fails where the API does not answer", async () => {
    await assert.rejects(new ObjectLookup(api({ "/apis/apps/v1": APPS }, null)).find(deployment("one")), Refused);
  });

  it("finds many objects", async () => {
    const path = "/apis/apps/v1/namespaces/parse/deployments";
    const names = Array.from({ length: 100 }, (_, index) => `server-${index}`);
    const answers = Object.fromEntries(names.map((name) => [`${path}/${name}`, { metadata: {} }]));
    const there = await new ObjectLookup(api({ "/apis/apps/v1": APPS, ...answers })).findAll(names.map(deployment));
    assert.deepEqual(
      there.map(({ object }) => object.name),
      names,
    );
  });
});
