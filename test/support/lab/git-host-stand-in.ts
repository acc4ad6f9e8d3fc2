import { createServer as createServerInClear, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A deploy key as the stand-in keeps it. */
export interface StandInKey {
  readonly id: number;
  readonly title: string;
  /** One line, as it was given. */
  readonly line: string;
  readonly write: boolean;
}

/** How a stand-in is made. */
export interface StandInSettings {
  readonly kind: "github" | "gitlab";
  /** Path of the one repository that it has. */
  readonly repository: string;
  readonly token: string;
  /** PEM. Default: without TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Told of all keys whenever they have changed, before the answer is given. */
  readonly changed?: (keys: readonly StandInKey[]) => Promise<void>;
}

/** What a request comes to. */
interface Reply {
  readonly status: number;
  readonly content?: unknown;
}

const LONGEST_PAGE = 100;
const DEFAULT_PAGE = { github: 30, gitlab: 20 } as const;

/**
 * Stands in for the APIs of GitHub and GitLab, as far as deploy keys go and as their reference pages have them:
 * https://docs.github.com/en/rest/deploy-keys/deploy-keys and https://docs.gitlab.com/api/deploy_keys/.
 */
export class GitHostStandIn {
  keys: StandInKey[] = [];
  /** Keys that the server knows from another repository. */
  elsewhere: string[] = [];
  /** What is answered instead, first come first served. */
  readonly faults: Reply[] = [];
  /** Methods of requests that are done but whose answers do not arrive, first come first served. */
  readonly lostAnswers: string[] = [];
  /** Changes that were asked for, as `POST title` and `DELETE title`. */
  readonly journal: string[] = [];
  private server: Server | undefined;
  private last = 0;

  constructor(private readonly settings: StandInSettings) {}

  /** Starts; `address` is an IP of this machine. */
  async start(address = "127.0.0.1"): Promise<void> {
    const { tls } = this.settings;
    const serve = async (request: IncomingMessage, response: ServerResponse) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { content, status } = await this.reply(request, body).catch((error) => ({
        status: 500,
        content: `${error}`,
      }));
      if (this.lostAnswers[0] === request.method) {
        this.lostAnswers.shift();
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { "content-type": "application/json" });
      response.end(content === undefined ? undefined : JSON.stringify(content));
    };
    const server = tls ? createServer(tls, serve) : createServerInClear(serve);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
  }

  /** Address of the API. */
  get apiUrl(): string {
    if (!this.server) throw new Error("the stand-in was not started");
    const { address, port } = this.server.address() as AddressInfo;
    const root = this.settings.kind === "github" ? "/api/v3" : "/api/v4";
    return `${this.settings.tls ? "https" : "http"}://${address}:${port}${root}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  /** As if a person had registered a key on the repository's page. */
  async addByHand(title: string, line: string, write = false): Promise<void> {
    this.last += 1;
    this.keys = [...this.keys, { id: this.last, title, line, write }];
    await this.settings.changed?.(this.keys);
  }

  private async reply({ headers, method = "", url = "" }: IncomingMessage, body: string): Promise<Reply> {
    const fault = this.faults.shift();
    if (fault) return fault;
    const { kind, repository, token } = this.settings;
    const given = kind === "github" ? headers.authorization?.replace(/^Bearer /, "") : headers["private-token"];
    if (given !== token)
      return { status: 401, content: { message: kind === "github" ? "Bad credentials" : "401 Unauthorized" } };
    if (kind === "github" && headers["user-agent"] === undefined)
      return { status: 403, content: { message: "no User-Agent" } };
    const { pathname, searchParams } = new URL(url, "http://stand-in");
    const collection =
      kind === "github"
        ? `/api/v3/repos/${repository}/keys`
        : `/api/v4/projects/${encodeURIComponent(repository)}/deploy_keys`;
    if (pathname !== collection && !pathname.startsWith(`${collection}/`))
      return { status: 404, content: { message: kind === "github" ? "Not Found" : "404 Project Not Found" } };
    if (method === "GET") return this.page(searchParams);
    if (method === "POST") return this.add(JSON.parse(body));
    if (method === "DELETE") return this.remove(Number(pathname.slice(collection.length + 1)));
    return { status: 405 };
  }

  private page(search: URLSearchParams): Reply {
    const wanted = Number(search.get("per_page") ?? DEFAULT_PAGE[this.settings.kind]);
    const size = Math.min(wanted, LONGEST_PAGE);
    const from = (Number(search.get("page") ?? 1) - 1) * size;
    return { status: 200, content: this.keys.slice(from, from + size).map((key) => this.shown(key)) };
  }

  private async add(given: { title: string; key: string; read_only?: boolean; can_push?: boolean }): Promise<Reply> {
    const { kind } = this.settings;
    const taken = [...this.keys.map(({ line }) => line), ...this.elsewhere].some((line) => sameKey(line, given.key));
    if (taken && kind === "github") {
      const errors = [{ resource: "PublicKey", code: "custom", field: "key", message: "key is already in use" }];
      return { status: 422, content: { message: "Validation Failed", errors } };
    }
    if (taken)
      return { status: 400, content: { message: { "deploy_key.fingerprint_sha256": ["has already been taken"] } } };
    this.journal.push(`POST ${given.title}`);
    // Without the field, GitHub lets a key write, and GitLab does not.
    const write = kind === "github" ? given.read_only !== true : given.can_push === true;
    await this.addByHand(given.title, given.key, write);
    return { status: 201, content: this.shown(this.keys.at(-1) as StandInKey) };
  }

  private async remove(id: number): Promise<Reply> {
    const found = this.keys.find((key) => key.id === id);
    if (!found) return { status: 404, content: { message: "Not Found" } };
    this.journal.push(`DELETE ${found.title}`);
    this.keys = this.keys.filter((key) => key !== found);
    await this.settings.changed?.(this.keys);
    return { status: 204 };
  }

  /** GitHub leaves the comment of a key out. */
  private shown({ id, line, title, write }: StandInKey): object {
    if (this.settings.kind === "gitlab") return { id, title, key: line, can_push: write };
    return { id, title, key: line.split(" ").slice(0, 2).join(" "), read_only: !write };
  }
}

function sameKey(one: string, other: string): boolean {
  return one.split(" ")[1] === other.split(" ")[1];
}
