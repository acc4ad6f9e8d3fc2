import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

const NAME = 3;

/** A SOCKS5 proxy (https://www.rfc-editor.org/rfc/rfc1928) without login that leads to one port of this machine. */
export class SocksProxy {
  /** Names that it was asked for; it knows no addresses. */
  readonly asked: string[] = [];
  /** Its address. */
  url = "";
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly target: () => number) {}

  async start(): Promise<void> {
    this.server = createServer((client) => {
      this.sockets.add(client);
      client.on("error", () => undefined);
      client.once("data", () => {
        client.write(Buffer.from([5, 0]));
        client.once("data", (request) => this.lead(client, request));
      });
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `socks5://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private lead(client: Socket, request: Buffer): void {
    if (request[3] !== NAME) return void client.end(Buffer.from([5, 8, 0, 1, 0, 0, 0, 0, 0, 0]));
    const length = request[4] ?? 0;
    this.asked.push(`${request.subarray(5, 5 + length)}:${request.readUInt16BE(5 + length)}`);
    const upstream = connect(this.target(), "127.0.0.1", () => {
      client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    this.sockets.add(upstream);
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
  }
}
