import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { contextOf, parseKubeconfig } from "../../components/grammars/kubeconfig";
import { KubernetesApiClient } from "../../components/kubernetes/api-client";
import { readKubeconfig } from "../../components/kubernetes/kubeconfig";
import { ambientKubeconfig } from "../../ops/ambient-kubeconfig";
import { ApiServerStandIn } from "../support/kubernetes/api-server-stand-in";
import { ConnectProxy } from "../support/kubernetes/connect-proxy";
import { NO_PROXY_CASES } from "../support/kubernetes/no-proxy-cases";
import { withProxyVariables } from "../support/kubernetes/proxy-variables";

/** Names of variables that would lead kubectl elsewhere. */
const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"];

describe("the cluster is reached as the real kubectl reaches it", () => {
  const server = new ApiServerStandIn();
  const proxy = new ConnectProxy(() => server.port);
  const folder = mkdtempSync(join(tmpdir(), "kubectl-"));
  before(() => Promise.all([server.start(), proxy.start()]));
  after(() => {
    server.stop();
    proxy.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => proxy.reset());

  function kubectl(args: readonly string[], variables: Readonly<Record<string, string>>) {
    const none = Object.fromEntries(PROXIES.map((name) => [name, ""]));
    const env = { ...none, HOME: folder, ...variables };
    return execa("kubectl", args, { env, cwd: tmpdir(), reject: false, stdin: "ignore", timeout: 20_000 });
  }

  for (const [noProxy, address, throughProxy] of NO_PROXY_CASES) {
    it(`NO_PROXY "${noProxy}": ${address} is reached ${throughProxy ? "through" : "past"} the proxy`, async () => {
      proxy.refusal = 403;
      const args = ["get", "--raw", "/api", `--server=${address}`, "--token=t", "--request-timeout=300ms"];
      await kubectl(args, { KUBECONFIG: "/dev/null", HTTPS_PROXY: proxy.url, NO_PROXY: noProxy });
      assert.equal(proxy.asked.length > 0, throughProxy);
    });
  }

  it("files of KUBECONFIG become the same one", async () => {
    const write = (name: string, kubeconfig: object) => {
      writeFileSync(join(folder, name), JSON.stringify({ apiVersion: "v1", kind: "Config", ...kubeconfig }));
      return join(folder, name);
    };
    const of = (name: string, server: string) => [{ name, cluster: { server, "certificate-authority": "ca.pem" } }];
    const context = (cluster: string) => [{ name: "x", context: { cluster, user: "u" } }];
    const first = write("one", { contexts: context("a"), clusters: of("a", "https://first.test") });
    const users = [{ name: "u", user: { token: "t" } }];
    mkdirSync(join(folder, "deep"), { recursive: true });
    const more = { contexts: context("b"), users, "current-context": "x" };
    const second = write("deep/two", {
      ...more,
      clusters: [...of("a", "https://second.test"), ...of("b", "https://b.test")],
    });
    const environment = { KUBECONFIG: [first, join(folder, "absent"), second, first].join(delimiter) };
    const { stdout } = await kubectl(["config", "view", "--raw", "--output=json"], environment);
    const [theirs, ours] = [stdout, ambientKubeconfig(environment)].map((text) => parseKubeconfig(text) ?? {});
    assert.equal(ours?.["current-context"], theirs?.["current-context"]);
    assert.deepEqual(contextOf(ours ?? {}).cluster?.server, contextOf(theirs ?? {}).cluster?.server);
    const servers = (all: typeof ours) => all?.clusters?.map(({ name, cluster }) => [name, cluster?.server]).sort();
    assert.deepEqual(servers(ours), servers(theirs));
  });

  it("files that a kubeconfig names lie where kubectl looks for them, in whatever folder it runs", async () => {
    const kubeconfig = parse(
      server.kubeconfig({ user: { "client-certificate": "../cert.pem", "client-key": "key.pem" } }),
    );
    kubeconfig.clusters[1].cluster = {
      server: `https://127.0.0.1:${server.port}`,
      "certificate-authority": "../cert.pem",
    };
    mkdirSync(join(folder, "customer"), { recursive: true });
    writeFileSync(
      join(folder, "customer/kubeconfig"),
      JSON.stringify({ apiVersion: "v1", kind: "Config", ...kubeconfig }),
    );
    writeFileSync(join(folder, "cert.pem"), server.certificate);
    writeFileSync(join(folder, "customer/key.pem"), server.key);
    server.answer = ({ url }, response) => response.end(JSON.stringify({ url }));
    const variables = { KUBECONFIG: join(folder, "customer/kubeconfig") };
    const { stderr, stdout } = await kubectl(["get", "--raw", "/api"], variables);
    assert.equal(stdout, '{"url":"/api"}', stderr);
    const ours = new KubernetesApiClient(readKubeconfig(folder, "customer/kubeconfig"));
    assert.deepEqual(await withProxyVariables({}, () => ours.get("/api")), { url: "/api" });
  });
});
