/** Why an API server was not reached, in a person's words. Pure. */
import { STATUS_CODES } from "node:http";
import { addressOf, type ClusterProxy } from "./access";

/** What hpagent says of an answer to CONNECT. */
const REFUSED_BY_PROXY = /^Bad response: (\d+)$/;
/** What OpenSSL and Node.js call a certificate that is not accepted. */
const CERTIFICATE = /CERT|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED/;
/** Steps at which the first machine on the way is not reached. */
const FIRST_STEPS = ["connect", "getaddrinfo"];

/**
 * Why a request had no answer, with the host that is to blame; without a full stop, and without credentials.
 * @param server the API server's address
 * @param proxy on the way to it
 */
export function reasonOf(error: NodeJS.ErrnoException, server: URL, proxy?: ClusterProxy): string {
  const host = addressOf(server);
  const [first] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  const { code = "", message, syscall = "" } = first ?? error;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `the certificate of ${host} is for other names (${message}); tls-server-name in the kubeconfig says which one is expected`;
  if (CERTIFICATE.test(code)) return `the certificate of ${orProxy(host, proxy)} is not trusted: ${message}`;
  if (!proxy) return `${host} does not answer: ${message}`;
  const name = `the proxy ${addressOf(proxy.url)} (${proxy.source})`;
  const status = REFUSED_BY_PROXY.exec(message)?.[1];
  if (status) return `${name} lets nobody through to ${server.host}: ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  if (FIRST_STEPS.includes(syscall) || message === "Proxy timeout") return `${name} does not answer: ${message}`;
  return `${host} does not answer through ${name}: ${message}`;
}

/** A proxy that is reached by HTTPS has a certificate too. */
function orProxy(host: string, proxy: ClusterProxy | undefined): string {
  return proxy?.url.protocol === "https:" ? `${host} or of the proxy ${addressOf(proxy.url)}` : host;
}
