import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";

/** The API server refused a request, or a watch. */
export class RefusedRequest extends Error {
  constructor(
    message: string,
    /** HTTP status, as in 404. */
    readonly status: number,
  ) {
    super(message);
    this.name = "RefusedRequest";
  }
}

/** What every object has. */
export interface ClusterObject {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}

/** How a kind is followed. */
export interface FollowOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told why the cluster could not be followed for a while. */
  readonly interrupted?: (reason: string) => void;
  /** Milliseconds until the first try again; doubled at each, up to ten times as much. Default: 500. */
  readonly pauseMilliseconds?: number;
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: ClusterObject & { readonly code?: number; readonly message?: string };
}

interface Kubeconfig {
  readonly clusters: ReadonlyArray<{ cluster: { server: string; "certificate-authority-data": string } }>;
  readonly users: ReadonlyArray<{ user: { "client-certificate-data"?: string; "client-key-data"?: string } }>;
}

/** Seconds after which the server ends a watch, which begins again where it was. */
const WATCH_SECONDS = 600;

const decoded = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, "base64"));

/**
 * Objects of the lab's cluster, by their paths in the API: what the provisioner of volumes needs, and no more. It watches,
 * which the program's own client does not, in half of the memory that the official one takes.
 */
export class ClusterObjects {
  private readonly server: string;
  private readonly agent: Agent;

  /** @param kubeconfig the text of one with one cluster and one user, as the lab writes it */
  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    const cluster = clusters.at(-1)?.cluster;
    const user = users.at(-1)?.user;
    this.server = cluster?.server ?? "";
    this.agent = new Agent({
      keepAlive: true,
      ca: decoded(cluster?.["certificate-authority-data"]),
      cert: decoded(user?.["client-certificate-data"]),
      key: decoded(user?.["client-key-data"]),
    });
  }

  /** One object, or a list. */
  async get<Kind>(path: string): Promise<Kind> {
    return (await this.text("GET", path)) as Kind;
  }

  /** Creates an object in the collection at `path`. */
  async create(path: string, object: object): Promise<void> {
    await this.text("POST", path, JSON.stringify(object));
  }

  /** Deletes an object; one that is gone already is fine. */
  async delete(path: string): Promise<void> {
    await this.text("DELETE", path).catch((error: unknown) => {
      if (!(error instanceof RefusedRequest) || error.status !== 404) throw error;
    });
  }

  /**
   * Hands over every object of a collection, and each again whenever it changes, until the signal ends it. After an
   * interruption all of them come again: what happened in between is seen by what they are now.
   */
  async follow<Kind extends ClusterObject>(path: string, take: (object: Kind) => void, options: FollowOptions) {
    const { signal, interrupted = () => {}, pauseMilliseconds = 500 } = options;
    let pause = pauseMilliseconds;
    while (!signal.aborted) {
      try {
        const list = await this.get<{ metadata: { resourceVersion: string }; items: Kind[] }>(path);
        for (const object of list.items) take(object);
        let { resourceVersion } = list.metadata;
        while (!signal.aborted) {
          resourceVersion = await this.watch(path, resourceVersion, take, signal);
          pause = pauseMilliseconds;
        }
      } catch (error) {
        if (signal.aborted) return;
        interrupted((error as Error).message);
        await sleep(pause, undefined, { signal }).catch(() => {});
        pause = Math.min(pause * 2, pauseMilliseconds * 10);
      }
    }
  }

  /** Watches until the server ends it in good order; returns where to go on. */
  private async watch<Kind extends ClusterObject>(
    path: string,
    since: string,
    take: (object: Kind) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const query = new URLSearchParams({
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: since,
      timeoutSeconds: String(WATCH_SECONDS),
    });
    // Where the server is gone without a word, nothing comes any more.
    const response = await this.send("GET", `${path}?${query}`, undefined, (WATCH_SECONDS + 60) * 1000, signal);
    let last = since;
    for await (const line of linesOf(response)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === "ERROR") throw new RefusedRequest(object.message ?? "the watch ended", object.code ?? 0);
      last = object.metadata.resourceVersion ?? last;
      if (type === "ADDED" || type === "MODIFIED") take(object as Kind);
    }
    return last;
  }

  private async text(method: string, path: string, body?: string): Promise<unknown> {
    let answer = "";
    const response = await this.send(method, path, body, 30_000);
    for await (const piece of response.setEncoding("utf8")) answer += piece;
    return JSON.parse(answer);
  }

  /** An answer of the server that is no refusal. */
  private send(method: string, path: string, body: string | undefined, timeout: number, signal?: AbortSignal) {
    const headers = {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const { agent } = this;
    return new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(`${this.server}${path}`, { method, headers, agent, timeout, signal }, async (response) => {
        const { statusCode = 0 } = response;
        if (statusCode < 300) return resolve(response);
        let answer = "";
        response.on("error", reject);
        for await (const piece of response.setEncoding("utf8")) answer += piece;
        reject(new RefusedRequest(`${method} ${path}: ${statusCode} ${messageOf(answer)}`, statusCode));
      });
      call.on("timeout", () => call.destroy(new Error(`${method} ${path}: no answer within ${timeout} ms`)));
      call.on("error", reject);
      call.end(body);
    });
  }
}

/** The lines of an answer; fails where it is cut off. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of response.setEncoding("utf8")) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function messageOf(answer: string): string {
  try {
    return String((JSON.parse(answer) as { message?: unknown }).message ?? answer);
  } catch {
    return answer.slice(0, 200);
  }
}
