import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { KubernetesApiClient } from "../../../components/kubernetes/api-client";
import { API_NAME, ApiServerStandIn, type KubeconfigDetails } from "../../support/kubernetes/api-server-stand-in";

const apiVersion = "client.authentication.k8s.io/v1";

describe("login plugins", () => {
  const server = new ApiServerStandIn();
  const { folder } = server;
  let written = 0;

  before(() => server.start());
  after(() => server.stop());
  beforeEach(() => {
    server.answer = ({ headers }, response) => response.end(JSON.stringify(headers.authorization ?? "nobody"));
  });

  /** A plugin with this script; it notes each call in a file. */
  function plugin(script: string): { command: string; calls: () => number } {
    const command = join(folder, `plugin-${written++}`);
    writeFileSync(command, `#!/bin/sh\necho x >> '${command}.calls'\n${script}\n`);
    chmodSync(command, 0o755);
    return {
      command,
      calls: () => (existsSync(`${command}.calls`) ? readFileSync(`${command}.calls`, "utf8").length / 2 : 0),
    };
  }

  /** What a plugin writes: `status` as shell text. */
  const credential = (status: string) =>
    `printf '{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":%s}' "${status.replaceAll('"', '\\"')}"`;

  const client = (exec: object, more: KubeconfigDetails = {}, user: object = {}) =>
    new KubernetesApiClient(server.kubeconfig({ user: { ...user, exec: { apiVersion, ...exec } }, ...more }));

  it("are run with arguments and variables, once for all requests", async () => {
    const { calls, command } = plugin(credential('{"token":"$FROM$1"}'));
    const api = client({ command, args: ["-gke"], env: [{ name: "FROM", value: "env" }] });
    assert.equal(await api.get("/api"), "Bearer env-gke");
    await Promise.all([api.get("/api"), api.get("/apis")]);
    assert.equal(calls(), 1);
  });

  it("give a certificate", async () => {
    const status = { clientCertificateData: server.certificate, clientKeyData: server.key };
    writeFileSync(join(folder, "credential.json"), JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
    server.answer = ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody"));
    assert.equal(await client({ command: plugin(`cat ${folder}/credential.json`).command }).get("/api"), "api");
  });

  it("are told of the cluster if they ask for it, and that there is no terminal", async () => {
    const told = async (exec: object, more: KubeconfigDetails = {}) => {
      const { command } = plugin(`printf %s "$KUBERNETES_EXEC_INFO" > ${folder}/told\n${credential('{"token":"a"}')}`);
      await client({ command, ...exec }, more).get("/api");
      return JSON.parse(readFileSync(join(folder, "told"), "utf8"));
    };
    assert.deepEqual(await told({}), { apiVersion, kind: "ExecCredential", spec: { interactive: false } });
    const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "a" } }];
    const { spec } = await told({ provideClusterInfo: true }, { cluster: { extensions, "tls-server-name": API_NAME } });
    assert.deepEqual(spec, {
      interactive: false,
      cluster: {
        server: `https://127.0.0.1:${server.port}`,
        "tls-server-name": API_NAME,
        "certificate-authority-data": Buffer.from(server.certificate).toString("base64"),
        config: { audience: "a" },
      },
    });
  });

  it("read nothing from standard input: one that waits for an answer would wait for ever", async () => {
    const { command } = plugin(`read answer\n${credential('{"token":"read-$answer"}')}`);
    assert.equal(await client({ command }).get("/api"), "Bearer read-");
  });

  it("are refused where they ask questions in a terminal, which is not there", async () => {
    const { calls, command } = plugin(credential('{"token":"a"}'));
    await assert.rejects(client({ command, interactiveMode: "Always" }).get("/api"), {
      message: `GET /api: The login plugin ${command} of the kubeconfig's user a asks questions in a terminal (interactiveMode: Always), and here is none: use one that needs none`,
    });
    assert.equal(calls(), 0);
    await client({ command, interactiveMode: "Never" }).get("/api");
    await assert.rejects(client({ command, interactiveMode: "Sometimes" }).get("/api"), /interactiveMode Sometimes/);
  });

  it("are run again when the credential has come to its end, in the middle of a long wait", async () => {
    const soon = "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)";
    const { calls, command } = plugin(
      `n=$(wc -l < "$0.calls")\n${credential(`{"token":"$n","expirationTimestamp":"${soon}"}`)}`,
    );
    const api = client({ command });
    assert.equal(await api.get("/api"), "Bearer 1");
    await new Promise((resolve) => setTimeout(resolve, 2100));
    assert.equal(await api.get("/api"), "Bearer 2");
    assert.equal(calls(), 2);
  });

  it("are run again, once, when the server refuses the credential", async () => {
    const { calls, command } = plugin(`n=$(wc -l < "$0.calls")\n${credential('{"token":"$n"}')}`);
    let accepted = "Bearer 1";
    server.answer = ({ headers }, response) =>
      response.writeHead(headers.authorization === accepted ? 200 : 401).end(JSON.stringify(headers.authorization));
    const api = client({ command });
    await api.get("/api");
    accepted = "Bearer 2";
    assert.equal(await api.get("/api"), "Bearer 2");
    accepted = "none";
    await assert.rejects(api.get("/api"), { status: 401 });
    assert.equal(calls(), 3);
  });

  it("that fail are named with what they say, and run again for the next request", async () => {
    const { command } = plugin(
      `[ "$(wc -l < "$0.calls")" -gt 1 ] || { echo 'no account;' >&2; echo 'log in first' >&2; exit 3; }\n${credential('{"token":"a"}')}`,
    );
    const api = client({ command });
    await assert.rejects(api.get("/api"), {
      code: "KUBERNETES_API",
      message: `GET /api: The login plugin ${command} of the kubeconfig's user a failed with exit code 3: no account; log in first`,
    });
    assert.equal(await api.get("/api"), "Bearer a");
  });

  it("that are not there are named with the kubeconfig's hint", async () => {
    const api = client({ command: "no-such-plugin", installHint: "Install it with apt." });
    await assert.rejects(api.get("/api"), {
      message:
        "GET /api: The login plugin no-such-plugin of the kubeconfig's user a is not there. Install it with apt.",
    });
  });

  it("that write something else are refused without showing it", async () => {
    const wrong = {
      "wrote no JSON": "echo s3cr3t",
      "answered in client.authentication.k8s.io/v1beta1, and the kubeconfig asks for client.authentication.k8s.io/v1": `echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"s3cr3t"}}'`,
      "gave neither a token nor a certificate with its key": `echo '{"apiVersion":"${apiVersion}"}'`,
      "gave a certificate without its key, or a key alone": `echo '{"status":{"clientKeyData":"s3cr3t"}}'`,
    };
    for (const [reason, script] of Object.entries(wrong)) {
      const { command } = plugin(script);
      await assert.rejects(client({ command }).get("/api"), ({ message }: Error) => {
        assert.equal(message, `GET /api: The login plugin ${command} of the kubeconfig's user a ${reason}`);
        return !message.includes("s3cr3t");
      });
    }
    await assert.rejects(
      client({ command: "a", apiVersion: "client.authentication.k8s.io/v1alpha1" }).get("/api"),
      /speaks client\.authentication\.k8s\.io\/v1alpha1: only .*\/v1 and .*\/v1beta1 are known$/,
    );
  });

  it("are not asked where the kubeconfig itself has a token, as by kubectl", async () => {
    const { calls, command } = plugin(credential('{"token":"plugin"}'));
    assert.equal(await client({ command }, {}, { token: "own" }).get("/api"), "Bearer own");
    assert.equal(calls(), 0);
  });
});
