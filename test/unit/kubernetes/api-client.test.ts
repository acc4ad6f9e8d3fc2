import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { parse } from "yaml";
import { KubernetesApiClient } from "../../../components/kubernetes/api-client";
import { API_NAME, ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

describe("KubernetesApiClient", () => {
  const server = new ApiServerStandIn();
  const { folder } = server;

  before(() => server.start());
  after(() => server.stop());

  const client = (user: object = {}, ca = server.certificate, context?: string) =>
    new KubernetesApiClient(server.kubeconfig({ user, ca }), context);

  it("gets from the current context's cluster, with the user's token", async () => {
    server.answer = ({ method, url, headers }, response) =>
      response.end(JSON.stringify({ method, url, token: headers.authorization }));
    const expected = { method: "GET", url: "/api/v1/pods", token: "Bearer t0ken" };
    assert.deepEqual(await client({ token: "t0ken" }).get("/api/v1/pods"), expected);
  });

  it("refuses a server that the kubeconfig's authority did not sign", async () => {
    server.answer = (_, response) => response.end("{}");
    await assert.rejects(client({}, "").get("/api"), {
      code: "KUBERNETES_API",
      message: /the certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted: self-signed certificate/,
    });
  });

  it("tells the status and the server's words when it is refused", async () => {
    server.answer = (_, response) => response.writeHead(403).end('{"message":"pods is forbidden"}');
    await assert.rejects(client().get("/api/v1/pods"), {
      status: 403,
      message: "GET /api/v1/pods: 403 pods is forbidden",
    });
    server.answer = (_, response) => response.writeHead(404).end("404 page not found\n");
    await assert.rejects(client().get("/apis/gone/v1/pods"), { message: /: 404 404 page not found/ });
  });

  it("keeps its connection, and asks once more where the server closes it just then", async () => {
    const ports: (number | undefined)[] = [];
    let closing = false;
    server.answer = ({ socket }, response) => {
      ports.push(socket.remotePort);
      if (closing) {
        closing = false;
        return socket.destroy();
      }
      response.end("{}");
    };
    const api = client();
    for (let asked = 0; asked < 3; asked++) await api.get("/api");
    assert.equal(new Set(ports).size, 1);
    closing = true;
    assert.deepEqual(await api.get("/api"), {});
    assert.equal(new Set(ports).size, 2);
    closing = true;
    await assert.rejects(api.patch("/api", { merge: {} }), { code: "KUBERNETES_API", message: /PATCH/ });
  });

  it("gives text as it is where text is expected", async () => {
    server.answer = (_, response) => response.end("ok");
    assert.equal(await client().get("/readyz", { text: true }), "ok");
  });

  it("says what somebody answers who is no API server", async () => {
    server.answer = (_, response) => response.end("<html>");
    await assert.rejects(client().get("/api"), { code: "KUBERNETES_API", message: /GET \/api: .*JSON/ });
  });

  it("is known to the server by the certificate of the kubeconfig, as data or as a file", async () => {
    server.answer = ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody"));
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const data = {
      "client-certificate-data": base64(server.certificate),
      "client-key-data": base64(server.key),
    };
    assert.equal(await client(data).get("/api"), "api");
    const files = { "client-certificate": join(folder, "cert.pem"), "client-key": join(folder, "key.pem") };
    assert.equal(await client(files).get("/api"), "api");
    assert.equal(await client().get("/api"), "nobody");
  });

  it("reads a token from its file, without the line break at its end, and again when it is refused", async () => {
    const tokenFile = join(folder, "token");
    let accepted = "Bearer one";
    server.answer = ({ headers }, response) =>
      response.writeHead(headers.authorization === accepted ? 200 : 401).end(JSON.stringify(headers.authorization));
    writeFileSync(tokenFile, "one\n");
    const api = client({ tokenFile, token: "older" });
    assert.equal(await api.get("/api"), "Bearer one");
    writeFileSync(tokenFile, "two\n");
    accepted = "Bearer two";
    assert.equal(await api.get("/api"), "Bearer two");
    const missing = join(folder, "no-token");
    await assert.rejects(client({ tokenFile: missing }).get("/api"), {
      message: `GET /api: The kubeconfig's tokenFile is not there: ${missing}`,
    });
  });

  it("logs in by name and password, and speaks in another's name, as the kubeconfig says", async () => {
    server.answer = ({ headers }, response) => response.end(JSON.stringify(headers));
    const basic = (await client({ username: "a", password: "b" }).get("/api")) as Record<string, string>;
    assert.equal(basic.authorization, `Basic ${Buffer.from("a:b").toString("base64")}`);
    const user = { as: "b", "as-uid": "7", "as-groups": ["x", "y"], "as-user-extra": { scopes: ["one"] } };
    const other = (await client(user).get("/api")) as Record<string, string>;
    assert.equal(other["impersonate-user"], "b");
    assert.equal(other["impersonate-uid"], "7");
    assert.equal(other["impersonate-group"], "x, y");
    assert.equal(other["impersonate-extra-scopes"], "one");
  });

  it("knows the server by another name, or by none, where the kubeconfig says so", async () => {
    server.answer = ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket & { servername?: string }).servername));
    const named = (cluster: object, ca?: string) =>
      new KubernetesApiClient(server.kubeconfig({ cluster, ...(ca === undefined ? {} : { ca }) })).get("/api");
    assert.equal(await named({ "tls-server-name": API_NAME }), API_NAME);
    await assert.rejects(named({ "tls-server-name": "other.test" }), {
      message: new RegExp(
        `^GET /api: the certificate of https://127\\.0\\.0\\.1:${server.port} is for other names \\(.*\\); tls-server-name`,
      ),
    });
    await assert.rejects(named({}, ""), /self-signed/);
    await named({ "insecure-skip-tls-verify": true }, "");
  });

  it("refuses a kubeconfig that leads nowhere, or to a place that depends on a folder, in one sentence", async () => {
    const refused = (kubeconfig: string) => new KubernetesApiClient(kubeconfig).get("/api");
    await assert.rejects(refused("- a"), /^KubernetesApiError: The kubeconfig is not one: /);
    await assert.rejects(refused("clusters: []"), /current context leads to no cluster/);
    const user = { "client-key": "pki/key.pem" };
    await assert.rejects(refused(server.kubeconfig({ user })), {
      code: "KUBERNETES_API",
      message:
        /^The kubeconfig's client-key is the relative path pki\/key\.pem, .* kubectl config view --raw --flatten$/,
    });
  });

  it("reads files only for the context that it uses", async () => {
    server.answer = (_, response) => response.end("{}");
    const kubeconfig = parse(server.kubeconfig());
    kubeconfig.users.push({ name: "b", user: { "client-key": "relative.pem" } });
    assert.deepEqual(await new KubernetesApiClient(JSON.stringify(kubeconfig)).get("/api"), {});
  });

  it("waits as long as it is told to, or until it is stopped", async () => {
    server.answer = () => {};
    await assert.rejects(client().get("/api", { patienceMilliseconds: 20 }), { message: /no answer within 20 ms/ });
    const abort = new AbortController();
    const asked = client().get("/api", { signal: abort.signal });
    abort.abort();
    await assert.rejects(asked, { message: /abort/ });
  });

  it("deletes, and takes what is gone already as deleted", async () => {
    server.answer = ({ method }, response) => response.writeHead(method === "DELETE" ? 404 : 500).end("{}");
    await client().delete("/api/v1/namespaces/a/secrets/b");
    server.answer = (_, response) => response.writeHead(409).end("{}");
    await assert.rejects(client().delete("/api/v1/namespaces/a/secrets/b"), { status: 409 });
  });

  it("patches in the form that the change has", async () => {
    server.answer = (request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => response.end(JSON.stringify([request.method, request.headers["content-type"], body])));
    };
    const merged = await client().patch("/api/v1/pods/a", { merge: { metadata: { labels: { of: "Zürich" } } } });
    assert.deepEqual(merged, ["PATCH", "application/merge-patch+json", '{"metadata":{"labels":{"of":"Zürich"}}}']);
    const stepped = await client().patch("/api/v1/pods/a", { steps: [{ op: "remove", path: "/metadata/labels" }] });
    assert.deepEqual(stepped, ["PATCH", "application/json-patch+json", '[{"op":"remove","path":"/metadata/labels"}]']);
  });

  it("uses the context it is told to", async () => {
    await assert.rejects(client({}, server.certificate, "elsewhere").get("/api"), {
      message: /ECONNREFUSED 127\.0\.0\.1:1/,
    });
  });
});
