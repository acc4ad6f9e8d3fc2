import { connect as connectPlainly } from "node:net";
import { connect } from "node:tls";
import { accessOf, type ClusterAccess, contentOf } from "./access";
import { KubernetesApiError } from "./api-error";
import { reasonOf } from "./failures";
import { KubeconfigError } from "./kubeconfig";

const ANSWER_MILLISECONDS = 10_000;

/**
 * Fails early, with one sentence, where the provider would fail with one for each resource. Nobody logs in for it.
 * @param server the API server's address
 * @param kubeconfig the kubeconfig's text, whose current context leads there
 * @throws KubeconfigError when nobody answers there within 10 s, by way of the proxy where there is one, or the answer
 *   comes with a certificate that the kubeconfig does not trust
 */
export async function requireAnswer(server: string, kubeconfig: string): Promise<void> {
  let access: ClusterAccess | undefined;
  try {
    access = accessOf(kubeconfig);
    await (access.proxy ? askThroughProxy(access) : shakeHands(access));
  } catch (error) {
    const reason =
      error instanceof KubernetesApiError
        ? error.message
        : reasonOf(error as Error, access?.server ?? new URL(server), access?.proxy);
    throw new KubeconfigError(
      `The cluster at ${server} cannot be reached: ${reason}. Is it running, and reachable from here? The lab's: npm run lab status. Another: check onprem:cluster.`,
    );
  }
}

/** Any answer will do, a refusal too. */
async function askThroughProxy(access: ClusterAccess): Promise<void> {
  // Read only here: most clusters are reached without a proxy, and then nothing of it is needed.
  const { ClusterConnection } = require("./connection") as typeof import("./connection");
  const { exchange } = require("./exchange") as typeof import("./exchange");
  const options = await new ClusterConnection({ ...access, user: {} }).requestOptions();
  const url = new URL(`${access.server.href.replace(/\/$/, "")}/version`);
  await exchange({ method: "GET", url, options, silenceMilliseconds: ANSWER_MILLISECONDS });
}

/** A connection, and the certificate that the server shows. */
function shakeHands({ cluster, server }: ClusterAccess): Promise<void> {
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const isPlain = server.protocol === "http:";
  const address = { host, port: Number(server.port || (isPlain ? 80 : 443)), timeout: ANSWER_MILLISECONDS };
  const ca = contentOf(
    "certificate-authority",
    cluster["certificate-authority-data"],
    cluster["certificate-authority"],
  );
  const name = cluster["tls-server-name"];
  return new Promise((answered, refused) => {
    const socket = isPlain
      ? connectPlainly(address)
      : connect({
          ...address,
          ...(ca ? { ca } : {}),
          ...(name ? { servername: name } : {}),
          rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
        });
    socket.once(isPlain ? "connect" : "secureConnect", () => {
      socket.destroy();
      answered();
    });
    socket.once("timeout", () => socket.destroy(new Error(`no connection within ${ANSWER_MILLISECONDS / 1000} s`)));
    socket.once("error", refused);
  });
}
