import assert from "node:assert/strict";
import { ClusterApi, goesStraight, type Kubectl } from "../../../ops/cluster-api";
import { ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

describe("ClusterApi", () => {
  const server = new ApiServerStandIn();
  before(() => server.start());
  after(() => server.stop());

  const nobody: Kubectl = async (args) => assert.fail(`kubectl ${args.join(" ")}`);

  it("asks the API itself, and needs no kubectl for it", async () => {
    server.answer = ({ url }, response) => response.end(JSON.stringify({ url }));
    const api = new ClusterApi(nobody, server.kubeconfig());
    assert.deepEqual(await api.get("/api/v1/pods?limit=1"), { url: "/api/v1/pods?limit=1" });
  });

  it("asks kubectl once which kubeconfig it has, where none is given", async () => {
    server.answer = (_, response) => response.end("{}");
    const asked: string[] = [];
    const kubectl: Kubectl = async (args) => {
      asked.push(args.slice(0, 2).join(" "));
      return server.kubeconfig();
    };
    const api = new ClusterApi(kubectl);
    await Promise.all([api.get("/api"), api.get("/apis")]);
    assert.deepEqual(asked, ["config view"]);
  });

  it("lets kubectl ask where only kubectl knows the way", async () => {
    const kubectl: Kubectl = async (args) => {
      if (args[0] === "config") throw new Error("current-context must exist in order to minify");
      return JSON.stringify(args);
    };
    assert.deepEqual(await new ClusterApi(kubectl).get("/api/v1/pods"), ["get", "--raw", "/api/v1/pods"]);
    const inOthersName = server.kubeconfig({ user: { as: "somebody" } });
    assert.deepEqual(await new ClusterApi(kubectl, inOthersName).get("/api"), ["get", "--raw", "/api"]);
  });

  it("finds nothing where there is none, and says so when it is refused", async () => {
    const api = new ClusterApi(nobody, server.kubeconfig());
    server.answer = (_, response) => response.writeHead(404).end("{}");
    assert.equal(await api.find("/api/v1/namespaces/gone"), undefined);
    server.answer = (_, response) => response.writeHead(403).end('{"message":"forbidden"}');
    await assert.rejects(api.find("/api/v1/namespaces/hidden"), { message: /403 forbidden/ });
    const kubectl = (said: string) => new ClusterApi(() => Promise.reject(new Error(said)));
    assert.equal(await kubectl('Error from server (NotFound): secrets "a" not found').find("/api"), undefined);
    await assert.rejects(kubectl("connection refused").find("/api"), /refused/);
  });
});

describe("a kubeconfig leads straight to its cluster", () => {
  const straight = { clusters: [{ cluster: { server: "https://a" } }], users: [{ user: { token: "t" } }] };

  it("unless there is a proxy, of its own or of the environment", () => {
    assert.equal(goesStraight(JSON.stringify(straight), {}), true);
    assert.equal(goesStraight(JSON.stringify(straight), { HTTPS_PROXY: "http://proxy" }), false);
    const proxied = { ...straight, clusters: [{ cluster: { server: "https://a", "proxy-url": "http://proxy" } }] };
    assert.equal(goesStraight(JSON.stringify(proxied), {}), false);
  });

  it("unless its user logs in as only kubectl can", () => {
    for (const user of [{ username: "a", password: "b" }, { "auth-provider": { name: "oidc" } }, { as: "b" }])
      assert.equal(goesStraight(JSON.stringify({ ...straight, users: [{ user }] }), {}), false);
  });
});
