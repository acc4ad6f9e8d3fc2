import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import { isIPv6 } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { ClusterAccess } from "./access";
import { HttpProxyAgent, HttpsProxyAgent, SocksProxyAgent } from "./client-node";

/** hpagent writes an IPv6 address without brackets into its CONNECT request. */
class TunnelAgent extends HttpsProxyAgent {
  override createConnection(...[options, callback]: Parameters<HttpsAgent["createConnection"]>) {
    const { host, servername } = options as { host?: string; servername?: string };
    if (!host || !isIPv6(host)) return super.createConnection(options, callback);
    // The certificate names the address without brackets.
    const check: typeof checkServerIdentity = (_, certificate) => checkServerIdentity(servername || host, certificate);
    return super.createConnection({ ...options, host: `[${host}]`, checkServerIdentity: check }, callback);
  }
}

/**
 * What makes the connections to an API server, through its proxy where there is one, and keeps them: what is waited for is
 * asked about every second, and a handshake with certificates each time is work for both sides.
 * @param secure certificates, and what the server's certificate is checked against
 */
export function agentFor({ proxy, server }: ClusterAccess, secure: RequestOptions): HttpAgent {
  const { ca, cert, key, rejectUnauthorized, servername } = secure as RequestOptions & { servername?: string };
  const options = { ca, cert, key, rejectUnauthorized, servername, keepAlive: true };
  const isPlain = server.protocol === "http:";
  if (!proxy) return isPlain ? new HttpAgent({ keepAlive: true }) : new HttpsAgent(options);
  if (proxy.url.protocol.startsWith("socks5")) {
    const url = new URL(proxy.url);
    // As with kubectl, the proxy looks up the server's name.
    url.protocol = "socks5h:";
    return new SocksProxyAgent(url, options);
  }
  // As with kubectl, a proxy that is reached by HTTPS is checked against the same authorities as the server.
  const proxyRequestOptions = { ca: ca as string[] | undefined, rejectUnauthorized };
  const through = { ...options, proxy: proxy.url, proxyRequestOptions };
  return isPlain ? new HttpProxyAgent(through) : new TunnelAgent(through);
}
