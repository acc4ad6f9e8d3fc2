import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A proxy that leads CONNECT, whatever host is asked for, to one port of this machine. */
export class ConnectProxy {
  /** What was asked for: host and port. */
  readonly asked: string[] = [];
  /** Headers of those requests. */
  readonly headers: IncomingMessage["headers"][] = [];
  /** Answers with this status, and leads nowhere. */
  refusal: number | undefined;
  /** Takes connections, and says nothing. */
  silent = false;
  port = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  /**
   * @param target port on 127.0.0.1 that everything leads to
   * @param secure certificate and key of a proxy that is reached by HTTPS. Default: HTTP
   */
  constructor(
    private readonly target: () => number,
    private readonly secure?: () => ServerOptions,
  ) {}

  async start(): Promise<void> {
    const listener: RequestListener = (_, response) => response.writeHead(405).end();
    this.server = this.secure ? createSecureServer(this.secure(), listener) : createServer(listener);
    this.server.on("connection", (socket) => this.keep(socket));
    this.server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) => {
      this.asked.push(request.url ?? "");
      this.headers.push(request.headers);
      if (this.silent) return;
      if (this.refusal) return void client.end(`HTTP/1.1 ${this.refusal} Refused\r\ncontent-length: 0\r\n\r\n`);
      const upstream = connect(this.target(), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      this.keep(upstream);
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
  }

  /** Forgets what was asked, and leads on. */
  reset(): void {
    this.asked.length = 0;
    this.headers.length = 0;
    this.refusal = undefined;
    this.silent = false;
  }

  get url(): string {
    return `${this.secure ? "https" : "http"}://127.0.0.1:${this.port}`;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
  }
}
