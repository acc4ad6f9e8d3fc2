import assert from "node:assert/strict";
import { ClusterApi } from "../../../ops/cluster-api";
import { ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

/** Proxies: test/unit/kubernetes/proxies.test.ts. */
describe("ClusterApi", () => {
  const server = new ApiServerStandIn();
  before(() => server.start());
  after(() => server.stop());

  it("asks the API of the kubeconfig's cluster", async () => {
    server.answer = ({ url }, response) => response.end(JSON.stringify({ url }));
    const api = new ClusterApi(server.kubeconfig());
    assert.deepEqual(await api.get("/api/v1/pods?limit=1"), { url: "/api/v1/pods?limit=1" });
  });

  it("finds nothing where there is none, and says so when it is refused", async () => {
    const api = new ClusterApi(server.kubeconfig());
    server.answer = (_, response) => response.writeHead(404).end("{}");
    assert.equal(await api.find("/api/v1/namespaces/gone"), undefined);
    server.answer = (_, response) => response.writeHead(403).end('{"message":"forbidden"}');
    await assert.rejects(api.find("/api/v1/namespaces/hidden"), { message: /403 forbidden/ });
  });
});
