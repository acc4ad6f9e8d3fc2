import assert from "node:assert/strict";
import { KubernetesApiClient } from "../../../components/kubernetes/api-client";
import { requireAnswer } from "../../../components/kubernetes/require-answer";
import { ClusterApi } from "../../../ops/cluster-api";
import { Cluster } from "../../../ops/recovery/cluster";
import { ClusterReader } from "../../../ops/report/prometheus";
import { closedAddress } from "../../support/closed-address";
import { API_ADDRESS, API_NAME, ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";
import { ConnectProxy } from "../../support/kubernetes/connect-proxy";
import { withProxyVariables } from "../../support/kubernetes/proxy-variables";
import { SocksProxy } from "../../support/kubernetes/socks-proxy";

/** Only a proxy leads there. */
const SERVER = `https://${API_NAME}:6443`;

describe("a cluster behind a proxy", () => {
  const server = new ApiServerStandIn();
  const proxy = new ConnectProxy(() => server.port);
  const socks = new SocksProxy(() => server.port);

  before(async () => {
    await Promise.all([server.start(), proxy.start(), socks.start()]);
    server.answer = ({ url, headers }, response) =>
      response.end(JSON.stringify({ url, token: headers.authorization, data: { result: [] } }));
  });
  after(() => {
    for (const one of [server, proxy, socks]) one.stop();
  });
  beforeEach(() => proxy.reset());

  const user = { token: "t0ken" };
  const behind = (proxyUrl = proxy.url) =>
    server.kubeconfig({ user, server: SERVER, cluster: { "proxy-url": proxyUrl } });
  const plain = () => server.kubeconfig({ user, server: SERVER });

  /** Each way in which the product reaches a cluster. */
  const ways: Record<string, (kubeconfig: string) => Promise<unknown>> = {
    "a hook": (kubeconfig) => new KubernetesApiClient(kubeconfig).get("/api/v1/pods"),
    "the look before the first resource": (kubeconfig) => requireAnswer(SERVER, kubeconfig),
    "a drill or a restore": async (kubeconfig) => {
      const cluster = new Cluster(kubeconfig);
      try {
        return await cluster.get("velero", "configmaps", "a");
      } finally {
        cluster.close();
      }
    },
    "a report": (kubeconfig) =>
      new ClusterReader({
        stack: "dev",
        prometheus: { namespace: "a", service: "b" },
        versions: {},
        kubeconfig,
      }).query("up"),
    "a command": (kubeconfig) => new ClusterApi(kubeconfig).find("/api/v1/pods"),
  };

  for (const [way, ask] of Object.entries(ways)) {
    describe(`is reached by ${way}`, () => {
      it("through the kubeconfig's proxy-url, whatever the environment says", async () => {
        const variables = { HTTPS_PROXY: await closedAddress(), NO_PROXY: "*" };
        await withProxyVariables(variables, () => ask(behind()));
        assert.deepEqual(proxy.asked, [`${API_NAME}:6443`]);
      });

      it("through the proxy of the environment", async () => {
        for (const variable of ["HTTPS_PROXY", "https_proxy"])
          await withProxyVariables({ [variable]: proxy.url }, () => ask(plain()));
        assert.deepEqual(proxy.asked, [`${API_NAME}:6443`, `${API_NAME}:6443`]);
      });

      it("through a SOCKS5 proxy, which looks up the server's name", async () => {
        socks.asked.length = 0;
        await withProxyVariables({}, () => ask(behind(socks.url)));
        assert.deepEqual(socks.asked, [`${API_NAME}:6443`]);
      });

      it("past the proxy where NO_PROXY says so", async () => {
        const direct = server.kubeconfig({ user });
        await withProxyVariables({ HTTPS_PROXY: proxy.url }, () => ask(direct));
        assert.deepEqual(proxy.asked, [], "this machine is never reached through a proxy");
        const exempt = { HTTPS_PROXY: proxy.url, NO_PROXY: ".customer.test" };
        await assert.rejects(
          withProxyVariables(exempt, () => ask(plain())),
          new RegExp(`https://${API_NAME}:6443 does not answer: getaddrinfo`),
        );
        assert.deepEqual(proxy.asked, []);
      });

      it("or not: a proxy that refuses is named with its status, and without its password", async () => {
        proxy.refusal = 407;
        const withPassword = proxy.url.replace("//", "//operator:s3cr%40t@");
        await assert.rejects(ask(behind(withPassword)), ({ message }: Error) => {
          assert.match(
            message,
            new RegExp(
              `the proxy ${proxy.url} \\(proxy-url of the kubeconfig\\) lets nobody through to ${API_NAME}:6443: 407 Proxy Authentication Required`,
            ),
          );
          return !/s3cr|operator/.test(message);
        });
        const [sent] = proxy.headers;
        assert.equal(sent?.["proxy-authorization"], `Basic ${Buffer.from("operator:s3cr@t").toString("base64")}`);
      });

      it("or not: a proxy that is down is named with the variable that names it", async () => {
        const address = (await closedAddress()).replace("//", "//operator:s3cret@");
        await assert.rejects(
          withProxyVariables({ HTTPS_PROXY: address }, () => ask(plain())),
          ({ message }: Error) => {
            assert.match(
              message,
              /the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\) does not answer: connect ECONNREFUSED 127\.0\.0\.1:\d+/,
            );
            return !message.includes("s3cret");
          },
        );
      });

      it("or not: behind the proxy is a server that the kubeconfig does not trust", async () => {
        const kubeconfig = server.kubeconfig({ ca: "", server: SERVER, cluster: { "proxy-url": proxy.url } });
        await assert.rejects(
          ask(kubeconfig),
          new RegExp(`the certificate of https://${API_NAME}:6443 is not trusted: self-signed certificate`),
        );
      });

      it("or not: a proxy of a kind that kubectl does not know", async () => {
        await assert.rejects(
          ask(behind("socks4://operator:s3cret@proxy.test:1080")),
          /The proxy-url of the kubeconfig names a proxy with the scheme socks4: only http, https and socks5 can be used/,
        );
        await assert.rejects(ask(behind("http://")), /The proxy-url of the kubeconfig is no address of a proxy/);
      });
    });
  }

  it("is asked again and again by one connection", async () => {
    const api = new KubernetesApiClient(behind());
    for (let asked = 0; asked < 3; asked++) await api.get("/api");
    assert.equal(proxy.asked.length, 1);
  });

  it("is given up when the proxy is silent, or when nobody waits any more", async () => {
    proxy.silent = true;
    await assert.rejects(new KubernetesApiClient(behind()).get("/api", { patienceMilliseconds: 50 }), {
      code: "KUBERNETES_API",
      message: /GET \/api: .* (no answer within 50 ms|Proxy timeout)$/,
    });
    const abort = new AbortController();
    const asked = new KubernetesApiClient(behind()).get("/api", { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(asked, /abort/);
  });

  it("is reached by its IPv6 address, and recognised by it", async () => {
    const at = (address: string) =>
      server.kubeconfig({ server: `https://[${address}]:6443`, cluster: { "proxy-url": proxy.url } });
    await new KubernetesApiClient(at(API_ADDRESS)).get("/api");
    assert.deepEqual(proxy.asked, [`[${API_ADDRESS}]:6443`]);
    await assert.rejects(new KubernetesApiClient(at("2001:db8::8")).get("/api"), /is for other names/);
  });

  it("is reached through a proxy that is itself reached by HTTPS, if the same authority signed its certificate", async () => {
    const secure = new ConnectProxy(
      () => server.port,
      () => ({ cert: server.certificate, key: server.key }),
    );
    await secure.start();
    try {
      await new KubernetesApiClient(behind(secure.url)).get("/api");
      assert.deepEqual(secure.asked, [`${API_NAME}:6443`]);
      const distrusted = server.kubeconfig({ ca: "", server: SERVER, cluster: { "proxy-url": secure.url } });
      await assert.rejects(
        new KubernetesApiClient(distrusted).get("/api"),
        new RegExp(
          `the certificate of https://${API_NAME}:6443 or of the proxy ${secure.url} is not trusted: self-signed`,
        ),
      );
    } finally {
      secure.stop();
    }
  });

  it("is known by the name that tls-server-name gives", async () => {
    const cluster = { "proxy-url": proxy.url, "tls-server-name": API_NAME };
    const other = server.kubeconfig({ server: "https://elsewhere.test", cluster });
    await new KubernetesApiClient(other).get("/api");
    assert.deepEqual(proxy.asked, ["elsewhere.test:443"]);
  });
});
