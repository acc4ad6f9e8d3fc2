import { accessOf, type ClusterAccess } from "./access";
import { KubernetesApiError } from "./api-error";
import type { ClusterConnection } from "./connection";
import { type Answer, ConnectionClosedError, exchange } from "./exchange";
import { reasonOf } from "./failures";

export { KubernetesApiError } from "./api-error";

/** What looks into a cluster. */
export interface ClusterReader {
  /** The answer to GET `path`, which starts with /api or /apis; what it rejects with has the HTTP status as `status`. */
  get(path: string): Promise<unknown>;
}

/** A change of one object, in one of the forms that the API knows. */
export type ObjectPatch =
  /** Fields that are added or changed: https://www.rfc-editor.org/rfc/rfc7386 */
  | { readonly merge: object }
  /** Steps, of which all are done or none: https://www.rfc-editor.org/rfc/rfc6902 */
  | { readonly steps: readonly object[] };

/** How long a request may take, and what ends it before. */
export interface RequestOptions {
  /** Milliseconds in which nothing comes, the way to the server included. Default: 10,000. */
  readonly patienceMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** Whether the answer is text, such as that of /readyz. Default: false, JSON. */
  readonly text?: boolean;
}

interface Body {
  readonly type: string;
  readonly text: string;
}

const REQUEST_MILLISECONDS = 10_000;
/** A server that closes kept connections closes one after the other. */
const MOST_CLOSED = 3;

/** What the server says of a request that it refuses: its words, where it answers with a Status as usual. */
function refusalOf(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Somebody in between answered.
  }
  return answer.slice(0, 200);
}

/** Read when a cluster is first asked: most runs of the program ask none. */
function connectionTo(access: ClusterAccess): ClusterConnection {
  const connection = require("./connection") as typeof import("./connection");
  return new connection.ClusterConnection(access);
}

/**
 * Looks into a cluster beside the engine: why pods don't start, what Helm remembers, in which versions objects are stored.
 * The cluster is reached as kubectl reaches it: proxies, login plugins, certificates and names as the kubeconfig and the
 * environment have them. It reads, deletes, and patches what the API server itself recorded; everything else is the
 * provider's.
 */
export class KubernetesApiClient implements ClusterReader {
  private connection: ClusterConnection | undefined;

  /**
   * @param kubeconfig the kubeconfig's text; paths in it are absolute
   * @param context the context's name; the current one when absent
   */
  constructor(
    private readonly kubeconfig: string,
    private readonly context?: string,
  ) {}

  /**
   * The answer to GET `path`, which starts with /api or /apis.
   * @throws KubernetesApiError in one sentence; so do the other methods
   */
  get(path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.send("GET", path, undefined, options);
  }

  /** Makes one object, of the kind that `path` lists; the answer is the object as it is then. */
  create(path: string, object: object): Promise<unknown> {
    return this.send("POST", path, { type: "application/json", text: JSON.stringify(object) });
  }

  /** Deletes one object; one that is gone already is fine. */
  async delete(path: string): Promise<void> {
    try {
      await this.send("DELETE", path);
    } catch (error) {
      if (!(error instanceof KubernetesApiError) || error.status !== 404) throw error;
    }
  }

  /** Changes one object; the answer is the object as it is then. */
  patch(path: string, change: ObjectPatch): Promise<unknown> {
    const [type, content] = "merge" in change ? ["merge-patch", change.merge] : ["json-patch", change.steps];
    return this.send("PATCH", path, { type: `application/${type}+json`, text: JSON.stringify(content) });
  }

  private async send(method: string, path: string, body?: Body, options: RequestOptions = {}): Promise<unknown> {
    this.connection ??= connectionTo(accessOf(this.kubeconfig, this.context));
    let answer = await this.ask(this.connection, method, path, body, options);
    if (answer.status === 401 && this.connection.canRenew) {
      // A login that was fetched has an end.
      this.connection.renew();
      answer = await this.ask(this.connection, method, path, body, options);
    }
    const { status, text } = answer;
    if (status >= 300) throw new KubernetesApiError(`${method} ${path}: ${status} ${refusalOf(text)}`, status);
    if (options.text) return text;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new KubernetesApiError(`${method} ${path}: ${(error as Error).message}`);
    }
  }

  private async ask(
    connection: ClusterConnection,
    method: string,
    path: string,
    body: Body | undefined,
    { patienceMilliseconds: silenceMilliseconds = REQUEST_MILLISECONDS, signal }: RequestOptions,
  ): Promise<Answer> {
    const { proxy, server } = connection.access;
    const url = new URL(server.href.replace(/\/$/, "") + path);
    for (let closed = 1; ; closed++) {
      try {
        const options = await connection.requestOptions();
        const headers = { ...(body ? { "content-type": body.type } : {}), ...options.headers };
        const rest = { ...(body ? { body: body.text } : {}), ...(signal ? { signal } : {}) };
        return await exchange({ method, url, options: { ...options, headers }, silenceMilliseconds, ...rest });
      } catch (error) {
        if (error instanceof ConnectionClosedError && method === "GET" && closed <= MOST_CLOSED) continue;
        const why = error instanceof KubernetesApiError ? error.message : reasonOf(error as Error, server, proxy);
        throw new KubernetesApiError(`${method} ${path}: ${why}`);
      }
    }
  }
}
