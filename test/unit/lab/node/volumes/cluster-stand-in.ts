import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiServerStandIn } from "../../../../support/kubernetes/api-server-stand-in";

/** An object as the stand-in keeps it. */
export interface KeptObject {
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    resourceVersion?: string;
  };
  readonly [field: string]: unknown;
}

/**
 * What stands in for an API server with objects: lists, watches, creates and deletes them by path, refuses names that are
 * taken, and can lose its watches or refuse everything for a while.
 */
export class ClusterStandIn {
  /** What was asked for: method and path, without the query. */
  readonly asked: string[] = [];
  /** By their paths in the API. */
  private readonly objects = new Map<string, KeptObject>();
  private readonly watches = new Map<ServerResponse, string>();
  private version = 1;
  private refusals = 0;
  /** The resourceVersion before which a watch is told that it is too old. */
  private forgotten = 0;

  constructor(server: ApiServerStandIn) {
    server.answer = (request, response) => this.answer(request, response);
  }

  /** Puts an object at a path, and tells those who watch. */
  put(path: string, object: KeptObject): void {
    const type = this.objects.has(path) ? "MODIFIED" : "ADDED";
    object.metadata.resourceVersion = String(++this.version);
    this.objects.set(path, object);
    this.tell(path, type, object);
  }

  /** Every object whose path has this word in it. */
  all(word: string): KeptObject[] {
    return [...this.objects].filter(([path]) => path.includes(`/${word}/`)).map(([, object]) => object);
  }

  /** Cuts off every watch, in the middle of it; the next `count` requests are refused with 503. */
  interrupt(count: number): void {
    this.refusals = count;
    for (const response of this.watches.keys()) response.destroy();
    this.watches.clear();
  }

  /** Ends every watch with "too old", as a server does that has compacted its history. */
  forget(): void {
    this.forgotten = this.version + 1;
    this.version += 1;
    for (const response of this.watches.keys()) response.end(`${JSON.stringify(TOO_OLD)}\n`);
    this.watches.clear();
  }

  /** How many watches there are. */
  get watchers(): number {
    return this.watches.size;
  }

  private tell(path: string, type: string, object: KeptObject): void {
    for (const [response, collection] of this.watches)
      if (belongsTo(path, collection)) response.write(`${JSON.stringify({ type, object })}\n`);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams } = new URL(request.url ?? "", "https://api");
    const { method = "" } = request;
    this.asked.push(`${method} ${path}`);
    const object = this.objects.get(path);
    if (this.refusals-- > 0) refuse(response, 503, "the server is starting");
    else if (method === "POST") this.create(path, request, response);
    else if (method === "DELETE" && object) {
      this.objects.delete(path);
      this.tell(path, "DELETED", object);
      response.end("{}");
    } else if (searchParams.get("watch") === "true")
      this.watch(path, Number(searchParams.get("resourceVersion")), response);
    else if (object) response.end(JSON.stringify(object));
    else if (/s$/.test(path)) response.end(JSON.stringify(this.list(path)));
    else refuse(response, 404, `${path} not found`);
  }

  private list(collection: string) {
    const items = [...this.objects].filter(([path]) => belongsTo(path, collection)).map(([, object]) => object);
    return { metadata: { resourceVersion: String(this.version) }, items };
  }

  private watch(collection: string, since: number, response: ServerResponse): void {
    response.writeHead(200).flushHeaders();
    if (since < this.forgotten) {
      response.end(`${JSON.stringify(TOO_OLD)}\n`);
      return;
    }
    this.watches.set(response, collection);
    for (const object of this.list(collection).items)
      if (Number(object.metadata.resourceVersion) > since)
        response.write(`${JSON.stringify({ type: "MODIFIED", object })}\n`);
  }

  private create(collection: string, request: IncomingMessage, response: ServerResponse): void {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const object = JSON.parse(body) as KeptObject;
      const name = object.metadata.name ?? `${object.metadata.generateName}${++this.version}`;
      const path = `${collection}/${name}`;
      if (this.objects.has(path)) {
        refuse(response, 409, `${name} already exists`);
        return;
      }
      this.put(path, {
        ...object,
        metadata: { ...object.metadata, name, uid: object.metadata.uid ?? `uid-of-${name}` },
      });
      response.writeHead(201).end(JSON.stringify(this.objects.get(path)));
    });
  }
}

const TOO_OLD = { type: "ERROR", object: { code: 410, message: "too old resource version", metadata: {} } };

/** Whether an object's path lies in a collection, of all namespaces or of one. */
function belongsTo(path: string, collection: string): boolean {
  return path.replace(/\/namespaces\/[^/]+/, "").startsWith(`${collection}/`) || path.startsWith(`${collection}/`);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status).end(JSON.stringify({ kind: "Status", message }));
}
