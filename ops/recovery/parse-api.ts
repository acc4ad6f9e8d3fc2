import { fetchFailure } from "../../components/errors/fetch-failure";
import { RecoveryError } from "./errors";

const PAGE = 1000;
const REQUEST_MILLISECONDS = 120_000;
/** The most requests that Parse Server takes in one batch by default. */
const BATCH = 50;
/** Classes of Parse Server's own that hold what users made; the others hold its settings and its notes. */
const PEOPLE = ["_User", "_Session", "_Role", "_Installation"];

/** A pod that drains closes connections that are kept and idle, maybe at the moment at which one is used again. */
const OWN_CONNECTION = { Connection: "close" };

/** Where Parse's API is, and the keys to it. */
export interface ParseAccess extends ParseKeys {
  readonly url: string;
  /** Such as `/parse`. */
  readonly mountPath: string;
}

/** What lets an operator in. */
export interface ParseKeys {
  readonly applicationId: string;
  readonly masterKey: string;
}

/** An object as Parse Server answers it. */
export interface ParseRecord {
  readonly objectId: string;
  readonly [field: string]: unknown;
}

/** A request in a batch; its path is below the mount path. */
export interface BatchRequest {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** Parse's API with an operator's rights. Every method throws a RecoveryError that says what Parse Server answered. */
export class ParseApi {
  constructor(private readonly access: ParseAccess) {}

  /** Makes one call. */
  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await (await this.send(method, path, { "Content-Type": "application/json" }, json)).json()) as Record<
      string,
      unknown
    >;
  }

  /** Makes many calls, as few at a time as Parse Server takes. */
  async batch(requests: readonly BatchRequest[]): Promise<void> {
    for (let first = 0; first < requests.length; first += BATCH) {
      const some = requests.slice(first, first + BATCH);
      const prefixed = some.map((request) => ({ ...request, path: this.access.mountPath + request.path }));
      const answers = (await this.call("POST", "/batch", { requests: prefixed })) as unknown as { error?: unknown }[];
      const failed = answers.find(({ error }) => error !== undefined);
      if (failed) throw new RecoveryError(`Parse Server refuses a marked object: ${JSON.stringify(failed.error)}`);
    }
  }

  /** All records that a query finds, page by page. */
  async all(path: string, where: object): Promise<ParseRecord[]> {
    const found: ParseRecord[] = [];
    for (;;) {
      const parameters = { where: JSON.stringify(where), order: "objectId", limit: `${PAGE}`, skip: `${found.length}` };
      const { results } = await this.call("GET", `${path}?${new URLSearchParams(parameters)}`);
      const page = results as ParseRecord[];
      found.push(...page);
      if (page.length < PAGE) return found;
    }
  }

  /** The classes with what clients and people made. */
  async classes(): Promise<string[]> {
    const { results } = await this.call("GET", "/schemas");
    const names = (results as { className: string }[]).map(({ className }) => className);
    return names.filter((name) => !name.startsWith("_") || PEOPLE.includes(name)).sort();
  }

  /** How many objects a class has. */
  async count(className: string): Promise<number> {
    // With a condition: without one, Parse Server answers with PostgreSQL's estimate of the table.
    const where = JSON.stringify({ objectId: { $exists: true } });
    const query = new URLSearchParams({ count: "1", limit: "0", where });
    const { count } = await this.call("GET", `/classes/${className}?${query}`);
    return Number(count);
  }

  /** Deletes every object of a class. */
  async purge(className: string): Promise<void> {
    await this.send("DELETE", `/purge/${className}`);
  }

  /** Stores a file; returns the name that Parse Server gave it. */
  async storeFile(name: string, content: Buffer): Promise<string> {
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = await this.send("POST", `/files/${name}`, headers, { body: new Uint8Array(content) });
    return ((await answer.json()) as { name: string }).name;
  }

  /** A file's content. */
  async fileContent(name: string): Promise<Buffer> {
    return Buffer.from(await (await this.send("GET", `/files/${this.access.applicationId}/${name}`)).arrayBuffer());
  }

  /** Deletes a file. */
  async deleteFile(name: string): Promise<void> {
    await this.send("DELETE", `/files/${name}`);
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    sent: { body?: string | Uint8Array<ArrayBuffer> } = {},
  ): Promise<Response> {
    const { url, applicationId, masterKey } = this.access;
    const keys = { "X-Parse-Application-Id": applicationId, "X-Parse-Master-Key": masterKey };
    const all = { ...headers, ...keys, ...OWN_CONNECTION };
    const options = { method, headers: all, signal: AbortSignal.timeout(REQUEST_MILLISECONDS) };
    const [place = ""] = path.split("?");
    const answer = await fetch(`${url}${path}`, { ...options, ...sent }).catch((error: unknown) => {
      throw new RecoveryError(`Parse Server does not answer ${method} ${place}: ${fetchFailure(error)}`);
    });
    if (answer.ok) return answer;
    const text = (await answer.text()).slice(0, 200);
    throw new RecoveryError(`${method} ${place}: Parse Server answers ${answer.status} ${text}`);
  }
}
