import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { network } from "../../../lab/layout";
import { customersCertificate } from "../../support/engine/customers-certificate";

const REPOSITORY = "fleet.git";

/**
 * A Git server over HTTPS with one repository, on this machine, which pods reach by the node's address: the stand-in for
 * a customer's, with a certificate of the customer's own CA. What it serves comes from Git's own program for it.
 */
export class HttpsGitServer {
  readonly username = "agent";
  /** The only token that may read. */
  readonly token = "token-of-the-https-git-server";
  /** PEM of the CA that signed the server's certificate. */
  readonly caCertificate: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "https-git-server-"));
  private readonly server: Server;

  constructor() {
    const { caCertificate, certificate, privateKey } = customersCertificate({ ipAddresses: [network.nodeAddress] });
    this.caCertificate = caCertificate;
    this.server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
      this.answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
  }

  /** Address of the repository. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `https://${network.nodeAddress}:${port}/${REPOSITORY}`;
  }

  /** Starts the server with a repository that has these files. */
  async start(files: Readonly<Record<string, string>>): Promise<void> {
    await this.git(this.folder, "init", "-q", "--bare", "--initial-branch=main", REPOSITORY);
    const copy = join(this.folder, "copy");
    await this.git(this.folder, "clone", "-q", REPOSITORY, copy);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), content);
    }
    await this.git(copy, "add", "--all");
    const author = ["-c", "user.name=tester", "-c", "user.email=tester@example.com"];
    await this.git(copy, ...author, "commit", "-qm", "first release");
    await this.git(copy, "push", "-q", "origin", "HEAD:main");
    await new Promise<void>((resolve) => this.server.listen(0, network.nodeAddress, resolve));
  }

  /** Stops the server and removes what it holds. */
  async remove(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async git(cwd: string, ...args: string[]): Promise<void> {
    await execa("git", args, { cwd, env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" } });
  }

  /** https://git-scm.com/docs/git-http-backend */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const login = Buffer.from(`${this.username}:${this.token}`).toString("base64");
    if (request.headers.authorization !== `Basic ${login}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? "", "https://git");
    const { headers, method } = request;
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: pathname,
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: method,
        CONTENT_TYPE: headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
        GIT_PROTOCOL: [headers["git-protocol"] ?? ""].flat().join(),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(backend.stdin);
    relay(await buffer(backend.stdout), response);
  }
}

/** Passes on what a CGI program wrote: headers, an empty line, and the body. */
function relay(written: Buffer, response: ServerResponse): void {
  const end = written.indexOf("\r\n\r\n");
  const lines = written.subarray(0, end).toString("utf8").split("\r\n");
  const headers = new Map(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  response.statusCode = Number.parseInt(headers.get("Status") ?? "200", 10);
  headers.delete("Status");
  for (const [name, value] of headers) response.setHeader(name, value);
  response.end(written.subarray(end + 4));
}
