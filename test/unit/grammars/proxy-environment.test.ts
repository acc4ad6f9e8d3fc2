import assert from "node:assert/strict";
import { environmentProxy } from "../../../components/grammars/proxy-environment";
import { NO_PROXY_CASES } from "../../support/kubernetes/no-proxy-cases";

const server = new URL("https://api.customer.test:6443");

describe("the environment's proxy", () => {
  it("is that of HTTPS_PROXY, in capitals first, and of HTTP_PROXY for a server without TLS", () => {
    const both = { HTTPS_PROXY: "http://upper.test:3128", https_proxy: "http://lower.test:3128" };
    assert.deepEqual(environmentProxy(server, both), { address: "http://upper.test:3128", variable: "HTTPS_PROXY" });
    assert.equal(environmentProxy(server, { ...both, HTTPS_PROXY: "" })?.variable, "https_proxy");
    assert.equal(
      environmentProxy(server, { HTTP_PROXY: "http://plain.test", ALL_PROXY: "http://all.test" }),
      undefined,
    );
    const plain = new URL("http://api.customer.test");
    assert.equal(environmentProxy(plain, { ...both, http_proxy: "http://plain.test" })?.address, "http://plain.test");
  });

  it("needs no scheme", () => {
    const addressOf = (value: string) => environmentProxy(server, { HTTPS_PROXY: value })?.address;
    assert.equal(addressOf("proxy.test:3128"), "http://proxy.test:3128");
    assert.equal(addressOf("192.0.2.1:3128"), "http://192.0.2.1:3128");
    assert.equal(addressOf("proxy.test"), "http://proxy.test");
    assert.equal(addressOf("user:word@proxy.test:3128"), "http://user:word@proxy.test:3128");
    assert.equal(addressOf("https://proxy.test"), "https://proxy.test");
    assert.equal(addressOf("socks5://proxy.test"), "socks5://proxy.test");
  });

  for (const [noProxy, address, throughProxy] of NO_PROXY_CASES) {
    it(`is ${throughProxy ? "taken" : "left out"} to ${address} with NO_PROXY "${noProxy}"`, () => {
      for (const variable of ["NO_PROXY", "no_proxy"]) {
        const environment = { HTTPS_PROXY: "http://proxy.test:3128", [variable]: noProxy };
        assert.equal(environmentProxy(new URL(address), environment) !== undefined, throughProxy, variable);
      }
    });
  }

  it("is left out for names with letters of other alphabets, as they are in addresses", () => {
    const environment = { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "bücher.test" };
    assert.equal(environmentProxy(new URL("https://api.bücher.test"), environment), undefined);
  });
});
