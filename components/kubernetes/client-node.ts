/**
 * What is used of the Kubernetes project's own client for Node.js, and the agents that go through proxies
 * (docs/decisions/0004). lab/build.mjs makes one file of it, which is read when a cluster is first asked.
 */
export { KubeConfig } from "@kubernetes/client-node";
export { HttpProxyAgent, HttpsProxyAgent } from "hpagent";
export { SocksProxyAgent } from "socks-proxy-agent";
