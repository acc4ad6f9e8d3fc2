import { parse } from "yaml";
import { KubernetesApiClient, KubernetesApiError } from "../components/kubernetes/api-client";

/** Patience with a server that is busy: kubectl has no end of it. */
const PATIENCE_MILLISECONDS = 60_000;

/** Runs kubectl, and resolves to what it wrote; rejects with what it said. */
export type Kubectl = (args: readonly string[]) => Promise<string>;

/**
 * Asks a cluster's API, which answers sooner than a kubectl starts. Where only kubectl knows the way (through a proxy, in
 * somebody else's name, in a pod without a kubeconfig), kubectl asks.
 */
export class ClusterApi {
  private client: Promise<KubernetesApiClient | undefined> | undefined;

  /**
   * @param kubectl with the same kubeconfig
   * @param kubeconfig its text; when absent, kubectl tells which one it has
   * @param signal ends what waits
   */
  constructor(
    private readonly kubectl: Kubectl,
    private readonly kubeconfig?: string,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The answer to GET `path`, which starts with /api or /apis.
   * @throws KubernetesApiError, or what kubectl rejects with
   */
  async get(path: string): Promise<unknown> {
    this.client ??= this.connect();
    const client = await this.client;
    if (!client) return JSON.parse(await this.kubectl(["get", "--raw", path]));
    const signal = this.signal ? { signal: this.signal } : {};
    return client.get(path, { patienceMilliseconds: PATIENCE_MILLISECONDS, ...signal });
  }

  /** The same, and nothing where there is no such object. */
  async find(path: string): Promise<unknown> {
    try {
      return await this.get(path);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async connect(): Promise<KubernetesApiClient | undefined> {
    const view = ["config", "view", "--raw", "--flatten", "--minify", "-o", "yaml"];
    const kubeconfig = this.kubeconfig ?? (await this.kubectl(view).catch(() => undefined));
    return kubeconfig && goesStraight(kubeconfig, process.env) ? new KubernetesApiClient(kubeconfig) : undefined;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesApiError ? error.status === 404 : /\(NotFound\)/.test(String(error));
}

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: Readonly<Record<string, unknown>> }[];
  readonly users?: readonly { readonly user?: Readonly<Record<string, unknown>> }[];
}

/**
 * Whether a kubeconfig, in an environment, leads to its clusters without what KubernetesApiClient does not know: proxies,
 * other people's names, passwords and kubectl's own logins. Pure.
 */
export function goesStraight(kubeconfig: string, { HTTPS_PROXY, https_proxy }: NodeJS.ProcessEnv): boolean {
  const { clusters, users } = (parse(kubeconfig) ?? {}) as Kubeconfig;
  const has = (entry: Readonly<Record<string, unknown>> | undefined, ...names: string[]) =>
    names.some((name) => entry?.[name] !== undefined);
  const proxies = HTTPS_PROXY || https_proxy || clusters?.some(({ cluster }) => has(cluster, "proxy-url"));
  return !proxies && !users?.some(({ user }) => has(user, "as", "auth-provider", "username"));
}
