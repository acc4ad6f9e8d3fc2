import { serviceAddress } from "../../../lab/node/start";

/** A target as Prometheus lists it. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** A group of rules as Prometheus lists it. */
export interface LoadedGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
}

/** Asks a Prometheus in the lab. See https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusClient {
  private constructor(private readonly address: string) {}

  /** The one behind a Service. */
  static async of(namespace: string, service: string): Promise<PrometheusClient> {
    return new PrometheusClient(`http://${await serviceAddress(namespace, service)}:9090`);
  }

  async get<Data>(path: string): Promise<Data> {
    const answer = await fetch(`${this.address}/api/v1/${path}`, { signal: AbortSignal.timeout(60_000) });
    const { data, error } = (await answer.json()) as { data: Data; error?: string };
    if (error !== undefined) throw new Error(`${path}: ${error}`);
    return data;
  }

  /** Samples of an instant query. */
  async query(query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    const { result } = await this.get<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(query)}`,
    );
    return result;
  }

  /** What queries answered since a time, a line each: what to read when something was not as expected. */
  async history(since: Date, ...queries: string[]): Promise<string> {
    const range = { start: since.toISOString(), end: new Date().toISOString(), step: "10" };
    const lines = queries.map(async (query) => {
      const { result } = await this.get<{ result: { metric: object; values: [number, string][] }[] }>(
        `query_range?${new URLSearchParams({ query, ...range })}`,
      );
      const points = (values: [number, string][]) =>
        values.map(([at, value]) => `${new Date(at * 1000).toISOString().slice(11, 19)}=${value}`).join(" ");
      return [query, ...result.map(({ metric, values }) => `  ${JSON.stringify(metric)} ${points(values)}`)].join("\n");
    });
    return (await Promise.all(lines)).join("\n");
  }

  async targets(): Promise<Target[]> {
    return (await this.get<{ activeTargets: Target[] }>("targets?state=active")).activeTargets;
  }

  async groups(): Promise<LoadedGroup[]> {
    return (await this.get<{ groups: LoadedGroup[] }>("rules")).groups;
  }
}
