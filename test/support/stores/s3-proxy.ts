import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stores of others do that the one behind does not; each absent: it does as the one behind. */
export interface StoreManners {
  /** Answers requests with a checksum of the newer kinds with 501, as OCI does, or with 400, as Backblaze did. */
  readonly checksums?: "not implemented" | "unsupported header";
  /** Whom it sends elsewhere: whoever signs for another region, with 301 or with 400. */
  readonly region?: { readonly name: string; readonly status: 301 | 400 };
  /** Knows no object lock. */
  readonly objectLock?: "not implemented";
  /** Lets nothing be deleted. */
  readonly deletes?: "refused";
  /** Answers after so many seconds. */
  readonly delaySeconds?: number;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
  /** Further elements of the answer. */
  readonly more?: string;
}

const CHECKSUMS = /^x-amz-(checksum-(?!mode)|sdk-checksum-algorithm|trailer)/;

function sendsChecksum({ headers }: IncomingMessage): boolean {
  const names = Object.keys(headers).some((name) => CHECKSUMS.test(name));
  return names || /^STREAMING-.*-TRAILER$/.test(String(headers["x-amz-content-sha256"]));
}

/** Region that a request is signed for. */
function signedRegion({ headers }: IncomingMessage): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(headers.authorization ?? "")?.[1];
}

function refusalOf(
  call: IncomingMessage,
  { checksums, deletes, objectLock, region }: StoreManners,
): Refusal | undefined {
  const signed = signedRegion(call);
  if (region && signed !== undefined && signed !== region.name) {
    const { name, status } = region;
    if (status === 301) {
      const message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
      return { status, code: "PermanentRedirect", message, headers: { "x-amz-bucket-region": name } };
    }
    const message = `The authorization header is malformed; the region '${signed}' is wrong; expecting '${name}'`;
    return { status, code: "AuthorizationHeaderMalformed", message, more: `<Region>${name}</Region>` };
  }
  if (checksums && sendsChecksum(call)) {
    const [status, code, message] =
      checksums === "not implemented"
        ? [501, "NotImplemented", "A header you provided implies functionality that is not implemented."]
        : [400, "InvalidArgument", "Unsupported header 'x-amz-sdk-checksum-algorithm' received for this API call."];
    return { status: Number(status), code: String(code), message: String(message) };
  }
  if (objectLock && /[?&]object-lock\b/.test(call.url ?? "")) {
    return { status: 501, code: "NotImplemented", message: "This store has no object lock." };
  }
  if (deletes && call.method === "DELETE") {
    return { status: 403, code: "AccessDenied", message: "Nothing is deleted here." };
  }
  return undefined;
}

/** Stands before an S3 store and has the manners of another one: what it does not refuse goes to the store as it came. */
export class S3Proxy {
  /** How it behaves from the next request on. */
  manners: StoreManners = {};
  /** What it refused: method and code. */
  readonly refused: string[] = [];
  private server: Server | undefined;
  private address = "";

  /** @param store address of the store behind */
  constructor(private readonly store: string) {}

  /** Its address, once it is started. */
  get endpoint(): string {
    return this.address;
  }

  /** Starts it at an address of this machine; any port when none is given. */
  async start(host = "127.0.0.1", port = 0): Promise<void> {
    this.server = createServer((call, answer) => void this.serve(call, answer));
    this.server.listen(port, host);
    await once(this.server, "listening");
    this.address = `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  private async serve(call: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { delaySeconds = 0 } = this.manners;
    if (delaySeconds > 0) await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
    const refusal = refusalOf(call, this.manners);
    if (!refusal) return this.forward(call, answer);
    const { code, headers = {}, message, more = "", status } = refusal;
    this.refused.push(`${call.method} ${code}`);
    call.resume();
    await once(call, "end");
    answer.writeHead(status, { "content-type": "application/xml", ...headers });
    answer.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
    );
  }

  private forward(call: IncomingMessage, answer: ServerResponse): void {
    const { headers, method, url } = call;
    const onward = request(this.store + url, { method, headers, setHost: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on("error", (error) => answer.headersSent || answer.writeHead(502).end(error.message));
    call.pipe(onward);
  }
}
