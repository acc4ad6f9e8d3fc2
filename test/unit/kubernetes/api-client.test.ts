import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { KubernetesApiClient } from "../../../components/kubernetes/api-client";
import { ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

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

  it("asks a credential plugin for the token once", async () => {
    const plugin = join(folder, "plugin");
    const credential = '{"status":{"token":"from-%s"}}';
    writeFileSync(plugin, `#!/bin/sh\necho x >> ${folder}/calls\nprintf '${credential}' "$FROM$1"\n`);
    chmodSync(plugin, 0o755);
    server.answer = ({ headers }, response) => response.end(JSON.stringify(headers.authorization));
    const exec = { command: plugin, args: ["-gke"], env: [{ name: "FROM", value: "env" }] };
    const api = client({ exec });
    assert.equal(await api.get("/api"), "Bearer from-env-gke");
    await api.get("/api");
    assert.equal(readFileSync(join(folder, "calls"), "utf8"), "x\n");
  });

  it("shows the certificate that a credential plugin gives", async () => {
    const plugin = join(folder, "certificate-plugin");
    const status = { clientCertificateData: server.certificate, clientKeyData: server.key };
    writeFileSync(join(folder, "credential.json"), JSON.stringify({ status }));
    writeFileSync(plugin, `#!/bin/sh\ncat ${folder}/credential.json\n`);
    chmodSync(plugin, 0o755);
    server.answer = ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody"));
    assert.equal(await client({ exec: { command: plugin } }).get("/api"), "api");
    assert.equal(await client().get("/api"), "nobody");
  });

  it("refuses a server that the kubeconfig's authority did not sign", async () => {
    server.answer = (_, response) => response.end("{}");
    await assert.rejects(client({}, "").get("/api"), { code: "KUBERNETES_API", message: /self-signed certificate/ });
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

  it("asks a credential plugin again when its token has come to its end, and once only", async () => {
    const plugin = join(folder, "renewing-plugin");
    writeFileSync(
      plugin,
      `#!/bin/sh\necho x >> ${folder}/renewals\nprintf '{"status":{"token":"%s"}}' $(wc -l < ${folder}/renewals)\n`,
    );
    chmodSync(plugin, 0o755);
    let accepted = "Bearer 1";
    server.answer = ({ headers }, response) =>
      response.writeHead(headers.authorization === accepted ? 200 : 401).end(JSON.stringify(headers.authorization));
    const api = client({ exec: { command: plugin } });
    await api.get("/api");
    accepted = "Bearer 2";
    assert.equal(await api.get("/api"), "Bearer 2");
    accepted = "none";
    await assert.rejects(api.get("/api"), { status: 401 });
    assert.equal(readFileSync(join(folder, "renewals"), "utf8"), "x\nx\nx\n");
  });

  it("asks a credential plugin again that failed", async () => {
    const plugin = join(folder, "failing-plugin");
    writeFileSync(plugin, `#!/bin/sh\n[ -e ${folder}/tried ] && echo '{}' || { touch ${folder}/tried; exit 1; }\n`);
    chmodSync(plugin, 0o755);
    server.answer = (_, response) => response.end("{}");
    const api = client({ exec: { command: plugin } });
    await assert.rejects(api.get("/api"), /Command failed/);
    assert.deepEqual(await api.get("/api"), {});
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
