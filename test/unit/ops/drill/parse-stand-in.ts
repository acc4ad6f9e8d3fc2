import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ParseApi } from "../../../../ops/recovery/parse-api";

/** As much of Parse Server as marked data need: objects, users, files, batches; all in memory, no limits but a page's. */
export class ParseStandIn {
  /** Class → its objects. */
  readonly classes = new Map<string, Record<string, unknown>[]>([["_User", []]]);
  readonly files = new Map<string, Buffer>();
  private readonly server: Server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://here");
    const answer = this.answer(request.method ?? "", pathname.replace(/^\/parse/, ""), searchParams, body);
    if (Buffer.isBuffer(answer)) response.end(answer);
    else response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? { error: "not found" }));
  });

  async start(): Promise<ParseApi> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/parse`;
    return new ParseApi({ url, mountPath: "/parse", applicationId: "app", masterKey: "master" });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(method: string, path: string, query: URLSearchParams, body: Buffer): object | Buffer | undefined {
    const [, kind, name = "", id = ""] = path.split("/");
    if (kind === "files") return this.file(method, name === "app" ? id : name, body);
    const text = body.toString();
    if (kind === "batch")
      return (JSON.parse(text).requests as { method: string; path: string; body?: object }[]).map((request) => {
        const inner = Buffer.from(JSON.stringify(request.body ?? {}));
        return { success: this.answer(request.method, request.path.replace(/^\/parse/, ""), query, inner) };
      });
    if (kind === "login")
      return this.of("_User").find(
        (user) => user.username === query.get("username") && user.password === query.get("password"),
      );
    if (kind === "users") return this.object(method, "_User", name, query, text);
    return this.object(method, name, id, query, text);
  }

  private object(method: string, className: string, id: string, query: URLSearchParams, text: string): object {
    const all = this.of(className);
    if (method === "DELETE")
      all.splice(
        all.findIndex(({ objectId }) => objectId === id),
        1,
      );
    if (method === "POST")
      all.push({ ...JSON.parse(text), objectId: `${className}-${all.length}`, sessionToken: "r:1" });
    if (method !== "GET") return {};
    const where = JSON.parse(query.get("where") ?? "{}");
    const found = all.filter((object) =>
      where.mark ? object.mark === where.mark : new RegExp(where.username.$regex).test(String(object.username)),
    );
    const skip = Number(query.get("skip"));
    return { results: found.slice(skip, skip + Number(query.get("limit"))) };
  }

  private file(method: string, name: string, body: Buffer): object | Buffer | undefined {
    if (method === "GET") return this.files.get(name);
    if (method === "DELETE") return this.files.delete(name) ? {} : undefined;
    this.files.set(`0a1b_${name}`, body);
    return { name: `0a1b_${name}` };
  }

  private of(className: string): Record<string, unknown>[] {
    const known = this.classes.get(className);
    if (known) return known;
    this.classes.set(className, []);
    return this.of(className);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
