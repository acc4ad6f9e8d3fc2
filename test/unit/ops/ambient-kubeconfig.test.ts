import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { contextOf, parseKubeconfig } from "../../../components/grammars/kubeconfig";
import { KubernetesApiClient } from "../../../components/kubernetes/api-client";
import { ambientKubeconfig } from "../../../ops/ambient-kubeconfig";
import { ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

describe("the kubeconfig of an environment", () => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  const server = new ApiServerStandIn();
  before(() => server.start());
  after(() => {
    server.stop();
    rmSync(home, { recursive: true });
  });

  function write(path: string, kubeconfig: object): string {
    const file = join(home, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(kubeconfig));
    return file;
  }
  const contextIn = (environment: NodeJS.ProcessEnv) =>
    contextOf(parseKubeconfig(ambientKubeconfig({ HOME: home, ...environment })) ?? {});

  it("is put together of the files of KUBECONFIG, each with the files beside it", async () => {
    writeFileSync(join(home, "key.pem"), server.key);
    const files = [
      join(home, "is-not-there"),
      write("one/config", {
        "current-context": "a",
        contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
        users: [{ name: "u", user: { "client-certificate": "../two/cert.pem", "client-key": "../key.pem" } }],
      }),
      write("two/config", {
        "current-context": "b",
        clusters: [
          { name: "c", cluster: { server: `https://127.0.0.1:${server.port}`, "certificate-authority": "cert.pem" } },
        ],
        users: [{ name: "u", user: { token: "second" } }],
      }),
    ];
    writeFileSync(join(home, "two/cert.pem"), server.certificate);
    const environment = { KUBECONFIG: ["", ...files].join(delimiter) };
    server.answer = ({ headers }, response) => response.end(JSON.stringify(headers.authorization ?? "certificate"));
    const api = new KubernetesApiClient(ambientKubeconfig({ HOME: home, ...environment }));
    assert.equal(await api.get("/api"), "certificate");
    assert.equal(contextIn(environment).name, "a");
  });

  it("is the one in the home folder without KUBECONFIG, and only then", () => {
    const own = { "current-context": "home", contexts: [{ name: "home", context: { cluster: "c" } }] };
    write(".kube/config", own);
    assert.equal(contextIn({}).name, "home");
    assert.equal(contextIn({ KUBECONFIG: "" }).name, "home");
    assert.throws(() => contextIn({ KUBECONFIG: "/nowhere/config" }), {
      code: "KUBERNETES_API",
      message: "There is no kubeconfig: /nowhere/config is not there",
    });
  });

  it("is the service account's in a pod that has none", () => {
    const environment = {
      KUBECONFIG: "/nowhere/config",
      KUBERNETES_SERVICE_HOST: "fd00::1",
      KUBERNETES_SERVICE_PORT: "443",
    };
    const { cluster, user } = contextIn(environment);
    assert.equal(cluster?.server, "https://[fd00::1]:443");
    assert.equal(user?.tokenFile, "/var/run/secrets/kubernetes.io/serviceaccount/token");
  });

  it("is refused with the file that is none", () => {
    const file = join(home, "broken");
    writeFileSync(file, "s3cret: [");
    assert.throws(() => ambientKubeconfig({ KUBECONFIG: file }), {
      message: `The kubeconfig ${file} is not one: YAML with clusters, contexts and users is expected`,
    });
  });
});
