/** The way to a cluster that a kubeconfig describes, in an environment. */
import { existsSync, readFileSync } from "node:fs";
import {
  contextOf,
  fieldOf,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigUser,
  parseKubeconfig,
  usedRelativePaths,
} from "../grammars/kubeconfig";
import { environmentProxy } from "../grammars/proxy-environment";
import { KubernetesApiError } from "./api-error";

/** A proxy between this machine and an API server. */
export interface ClusterProxy {
  /** Its address, credentials included. */
  readonly url: URL;
  /** What names it: `proxy-url` or a variable of the environment. */
  readonly source: string;
}

/** The way to an API server. */
export interface ClusterAccess {
  readonly server: URL;
  readonly cluster: KubeconfigCluster;
  /** Name of the user, for messages. */
  readonly userName: string;
  readonly user: KubeconfigUser;
  readonly proxy?: ClusterProxy;
}

const PROXIES = ["http:", "https:", "socks5:"];

/**
 * What a kubeconfig's context leads to.
 * @param context its name. Default: the current one
 * @throws KubernetesApiError when it leads to no cluster, or names a relative path or a proxy that cannot be used
 */
export function accessOf(
  kubeconfig: string,
  context?: string,
  environment: NodeJS.ProcessEnv = process.env,
): ClusterAccess {
  const parsed = parseKubeconfig(kubeconfig);
  if (!parsed)
    throw new KubernetesApiError("The kubeconfig is not one: YAML with clusters, contexts and users is expected");
  const chosen = contextOf(parsed, context);
  const address = chosen.cluster?.server;
  if (!chosen.cluster || !address || !URL.canParse(address))
    throw new KubernetesApiError(
      `The kubeconfig's ${chosen.name ? `context ${chosen.name}` : "current context"} leads to no cluster with a server address`,
    );
  requireAbsolutePaths(parsed, context);
  const server = new URL(address);
  const proxy = proxyTo(server, chosen.cluster, environment);
  return {
    server,
    cluster: chosen.cluster,
    userName: chosen.context?.user ?? "",
    user: chosen.user ?? {},
    ...(proxy ? { proxy } : {}),
  };
}

/** A text has no folder that a relative path could start from. */
function requireAbsolutePaths(kubeconfig: Kubeconfig, context: string | undefined): void {
  const [reference] = usedRelativePaths(kubeconfig, context);
  if (!reference) return;
  throw new KubernetesApiError(
    `The kubeconfig's ${fieldOf(reference)} is the relative path ${reference.path}, and nothing says from which folder it starts: write the absolute path, or embed the files with kubectl config view --raw --flatten`,
  );
}

function proxyTo(server: URL, cluster: KubeconfigCluster, environment: NodeJS.ProcessEnv): ClusterProxy | undefined {
  const own = cluster["proxy-url"];
  const found = own ? { address: own, variable: "proxy-url" } : environmentProxy(server, environment);
  if (!found) return undefined;
  const source = own ? "proxy-url of the kubeconfig" : found.variable;
  // The address may hold a password: it is not shown.
  if (!URL.canParse(found.address) || !canBeDecoded(new URL(found.address)))
    throw new KubernetesApiError(`The ${source} is no address of a proxy: http://HOST:PORT is expected`);
  const url = new URL(found.address);
  if (!PROXIES.includes(url.protocol) && !(url.protocol === "socks5h:" && !own))
    throw new KubernetesApiError(
      `The ${source} names a proxy with the scheme ${url.protocol.slice(0, -1)}: only http, https and socks5 can be used`,
    );
  return { url, source };
}

function canBeDecoded({ password, username }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

/** A proxy by its address without credentials. */
export function addressOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/**
 * A file's content, or what stands in the kubeconfig instead of it.
 * @throws KubernetesApiError when there is no such file
 */
export function contentOf(field: string, data: string | undefined, path: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  if (!path) return undefined;
  if (!existsSync(path)) throw new KubernetesApiError(`The kubeconfig's ${field} is not there: ${path}`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new KubernetesApiError(`The kubeconfig's ${field} cannot be read: ${(error as Error).message}`);
  }
}
