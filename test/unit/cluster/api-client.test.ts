import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { KubernetesApiClient } from "../../../components/cluster/api-client";

describe("KubernetesApiClient", () => {
  let folder: string;
  let certificate: string;
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "api-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    execFileSync("openssl", ["req", "-x509", "-nodes", ...curve, "-keyout", key, "-out", cert, ...subject], {
      stdio: "pipe",
    });
    certificate = readFileSync(cert, "utf8");
    server = createServer(
      { key: readFileSync(key), cert: certificate, requestCert: true, rejectUnauthorized: false },
      (request, response) => answer(request, response),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  function client(user: object = {}, ca = certificate, context?: string): KubernetesApiClient {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kubeconfig = {
      "current-context": "here",
      contexts: [
        { name: "elsewhere", context: { cluster: "b", user: "b" } },
        { name: "here", context: { cluster: "a", user: "a" } },
      ],
      clusters: [
        { name: "b", cluster: { server: "https://127.0.0.1:1" } },
        { name: "a", cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") } },
      ],
      users: [{ name: "a", user }],
    };
    return new KubernetesApiClient(JSON.stringify(kubeconfig), context);
  }

  it("gets from the current context's cluster, with the user's token", async () => {
    answer = ({ method, url, headers }, response) =>
      response.end(JSON.stringify({ method, url, token: headers.authorization }));
    const expected = { method: "GET", url: "/api/v1/pods", token: "Bearer t0ken" };
    assert.deepEqual(await client({ token: "t0ken" }).get("/api/v1/pods"), expected);
  });

  it("asks a credential plugin for the token once", async () => {
    const plugin = join(folder, "plugin");
    const credential = '{"status":{"token":"from-%s"}}';
    writeFileSync(plugin, `#!/bin/sh\necho x >> ${folder}/calls\nprintf '${credential}' "$FROM$1"\n`);
    chmodSync(plugin, 0o755);
    answer = ({ headers }, response) => response.end(JSON.stringify(headers.authorization));
    const exec = { command: plugin, args: ["-gke"], env: [{ name: "FROM", value: "env" }] };
    const api = client({ exec });
    assert.equal(await api.get("/api"), "Bearer from-env-gke");
    await api.get("/api");
    assert.equal(readFileSync(join(folder, "calls"), "utf8"), "x\n");
  });

  it("shows the certificate that a credential plugin gives", async () => {
    const plugin = join(folder, "certificate-plugin");
    const status = { clientCertificateData: certificate, clientKeyData: readFileSync(join(folder, "key.pem"), "utf8") };
    writeFileSync(join(folder, "credential.json"), JSON.stringify({ status }));
    writeFileSync(plugin, `#!/bin/sh\ncat ${folder}/credential.json\n`);
    chmodSync(plugin, 0o755);
    answer = ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody"));
    assert.equal(await client({ exec: { command: plugin } }).get("/api"), "api");
    assert.equal(await client().get("/api"), "nobody");
  });

  it("refuses a server that the kubeconfig's authority did not sign", async () => {
    answer = (_, response) => response.end("{}");
    await assert.rejects(client({}, "").get("/api"), { code: "KUBERNETES_API", message: /self-signed certificate/ });
  });

  it("tells the status and the server's words when it is refused", async () => {
    answer = (_, response) => response.writeHead(403).end('{"message":"pods is forbidden"}');
    await assert.rejects(client().get("/api/v1/pods"), {
      status: 403,
      message: /GET \/api\/v1\/pods: 403 .*pods is forbidden/,
    });
  });

  it("deletes, and takes what is gone already as deleted", async () => {
    answer = ({ method }, response) => response.writeHead(method === "DELETE" ? 404 : 500).end("{}");
    await client().delete("/api/v1/namespaces/a/secrets/b");
    answer = (_, response) => response.writeHead(409).end("{}");
    await assert.rejects(client().delete("/api/v1/namespaces/a/secrets/b"), { status: 409 });
  });

  it("patches in the form that the change has", async () => {
    answer = (request, response) => {
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
    await assert.rejects(client({}, certificate, "elsewhere").get("/api"), { message: /ECONNREFUSED 127\.0\.0\.1:1/ });
  });
});
