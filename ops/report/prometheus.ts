import { ClusterApi } from "../cluster-api";
import { ReportError } from "./errors";
import type { ReportTarget } from "./target";

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Of a range. */
  readonly values?: readonly (readonly [number, string])[];
  /** Of an instant. */
  readonly value?: readonly [number, string];
}

/** A customer's cluster and its Prometheus, through the API server: nothing has to be opened for it. */
export class ClusterReader {
  private readonly api: ClusterApi;

  constructor(private readonly target: ReportTarget) {
    this.api = new ClusterApi(target.kubeconfig || undefined);
  }

  /** The answer to GET `path`. @throws ReportError with what came instead */
  async get(path: string): Promise<unknown> {
    try {
      return await this.api.get(path);
    } catch (error) {
      throw new ReportError(`The cluster of ${this.target.stack} does not answer: ${(error as Error).message}`);
    }
  }

  /** Asks Prometheus for now. */
  query(expr: string): Promise<Series[]> {
    return this.ask("query", { query: expr });
  }

  /** Asks Prometheus for a time. */
  queryRange(expr: string, from: number, to: number, step: number): Promise<Series[]> {
    return this.ask("query_range", { query: expr, start: String(from), end: String(to), step: String(step) });
  }

  private async ask(what: string, parameters: Record<string, string>): Promise<Series[]> {
    const { namespace, service } = this.target.prometheus;
    const proxy = `/api/v1/namespaces/${namespace}/services/${service}:9090/proxy/api/v1`;
    const answer = await this.get(`${proxy}/${what}?${new URLSearchParams(parameters)}`);
    return (answer as { data: { result: Series[] } }).data.result;
  }
}
