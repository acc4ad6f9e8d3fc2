import { KubernetesApiClient, KubernetesApiError } from "../components/kubernetes/api-client";
import { ambientKubeconfig } from "./ambient-kubeconfig";

/** Patience with a server that is busy: kubectl has no end of it. */
const PATIENCE_MILLISECONDS = 60_000;

/** Asks a cluster's API, as kubectl would reach it. */
export class ClusterApi {
  private client: KubernetesApiClient | undefined;

  /**
   * @param kubeconfig its text; when absent, the one that kubectl would take
   * @param signal ends what waits
   */
  constructor(
    private readonly kubeconfig?: string,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The answer to GET `path`, which starts with /api or /apis.
   * @throws KubernetesApiError
   */
  async get(path: string): Promise<unknown> {
    this.client ??= new KubernetesApiClient(this.kubeconfig ?? ambientKubeconfig(process.env));
    const signal = this.signal ? { signal: this.signal } : {};
    return this.client.get(path, { patienceMilliseconds: PATIENCE_MILLISECONDS, ...signal });
  }

  /** The same, and nothing where there is no such object. */
  async find(path: string): Promise<unknown> {
    try {
      return await this.get(path);
    } catch (error) {
      if (error instanceof KubernetesApiError && error.status === 404) return undefined;
      throw error;
    }
  }
}
