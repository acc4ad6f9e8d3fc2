import assert from "node:assert/strict";
import { Cluster } from "../../../../ops/recovery/cluster";
import { ApiServerStandIn } from "../../../support/kubernetes/api-server-stand-in";

describe("what a drill and a restore ask of the cluster", () => {
  const server = new ApiServerStandIn();
  const abort = new AbortController();
  let cluster: Cluster;
  before(async () => {
    await server.start();
    cluster = new Cluster(server.kubeconfig(), abort.signal);
  });
  after(() => {
    cluster.close();
    server.stop();
  });

  /** Answers with objects by their paths; what is not among them is not there. */
  const has = (objects: Record<string, unknown>) => {
    server.answer = ({ url = "" }, response) => {
      const object = objects[url];
      const message = `${url.split("/").at(-1)} not found`;
      response.writeHead(object ? 200 : 404).end(JSON.stringify(object ?? { kind: "Status", message }));
    };
  };

  it("is read by kind, namespace and name, and by labels", async () => {
    const item = { metadata: { name: "b" } };
    has({
      "/apis/velero.io/v1/namespaces/velero/backups/b": item,
      "/api/v1/namespaces/parse/secrets?labelSelector=app%3Da%2Cpart%3Db": { items: [item] },
    });
    assert.deepEqual(await cluster.get("velero", "backups.v1.velero.io", "b"), item);
    assert.deepEqual(await cluster.list("parse", "secrets", "app=a,part=b"), [item]);
  });

  it("is an error with what was asked and what came when it must be there, and nothing when it need not", async () => {
    has({});
    await assert.rejects(cluster.get("velero", "schedules.v1.velero.io", "daily"), {
      code: "RECOVERY",
      message: "GET /apis/velero.io/v1/namespaces/velero/schedules/daily: 404 daily not found",
    });
    assert.equal(await cluster.find("velero", "configmaps", "record"), undefined);
  });

  it("tells a namespace that is there from one that goes, and from none", async () => {
    has({
      "/api/v1/namespaces/here": { metadata: { name: "here" } },
      "/api/v1/namespaces/going": { metadata: { name: "going", deletionTimestamp: "2026-11-26T21:00:00Z" } },
    });
    const states = await Promise.all(["here", "going", "none"].map((name) => cluster.namespaceState(name)));
    assert.deepEqual(states, ["present", "terminating", "absent"]);
  });

  it("leaves the Secrets that the cluster makes out of the digests", async () => {
    const made = { metadata: { name: "token" }, type: "kubernetes.io/service-account-token", data: {} };
    has({ "/api/v1/namespaces/parse/secrets": { items: [made, { metadata: { name: "keys" }, data: { a: "b" } }] } });
    assert.deepEqual([...(await cluster.secretDigests("parse")).keys()], ["keys"]);
  });

  it("is not waited for any longer by one who stops it", async () => {
    server.answer = () => abort.abort();
    await assert.rejects(cluster.get("velero", "secrets", "a"), { name: "AbortError" });
  });
});
