import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { requireAnswer } from "../../../components/kubernetes/require-answer";
import { closedAddress } from "../../support/closed-address";
import { API_NAME, ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";

/** Proxies: proxies.test.ts. */
describe("the look at a cluster before the first resource", () => {
  const server = new ApiServerStandIn();
  let plain: Server;
  before(async () => {
    await server.start();
    plain = createServer((_, response) => response.end());
    await new Promise<void>((listening) => plain.listen(0, "127.0.0.1", listening));
  });
  after(() => {
    server.stop();
    plain.close();
  });

  const ask = (kubeconfig: string) => requireAnswer("https://named.test", kubeconfig);

  it("is content with a server that the kubeconfig trusts, and logs in nowhere", async () => {
    const user = { exec: { command: "no-such-plugin", apiVersion: "client.authentication.k8s.io/v1" } };
    await ask(server.kubeconfig({ user }));
    await ask(server.kubeconfig({ cluster: { "tls-server-name": API_NAME } }));
    await ask(server.kubeconfig({ ca: "", cluster: { "insecure-skip-tls-verify": true } }));
    await ask(server.kubeconfig({ server: `http://127.0.0.1:${(plain.address() as AddressInfo).port}` }));
  });

  it("ends with one sentence where nobody answers, or somebody else does", async () => {
    const refused = (kubeconfig: string, reason: RegExp) =>
      assert.rejects(ask(kubeconfig), ({ code, message }: Error & { code: string }) => {
        assert.equal(code, "KUBECONFIG_UNUSABLE");
        assert.match(message, /^The cluster at https:\/\/named\.test cannot be reached: /);
        assert.match(message, /onprem:cluster\.$/);
        assert.match(message, reason);
        return true;
      });
    const closed = (await closedAddress()).replace("http:", "https:");
    await refused(
      server.kubeconfig({ server: closed }),
      /: https:\/\/127\.0\.0\.1:\d+ does not answer: connect ECONNREFUSED/,
    );
    await refused(
      server.kubeconfig({ ca: "" }),
      /the certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted: self-signed/,
    );
    await refused(server.kubeconfig({ cluster: { "tls-server-name": "other.test" } }), /is for other names/);
    const gone = { "certificate-authority-data": undefined, "certificate-authority": "/gone/ca.pem" };
    await refused(server.kubeconfig({ cluster: gone }), /certificate-authority is not there: \/gone\/ca\.pem/);
  });
});
