import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What stands in for an API server: TLS with a certificate that signs itself, and answers that a test gives. */
export class ApiServerStandIn {
  /** For what a test writes; it goes with the server. */
  readonly folder = mkdtempSync(join(tmpdir(), "api-"));
  /** Answers the next requests. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end("{}");
  /** Its certificate and key, which do for a client too; PEM. */
  certificate = "";
  key = "";
  private server: Server | undefined;
  private url = "";

  async start(): Promise<void> {
    const [key, certificate] = [join(this.folder, "key.pem"), join(this.folder, "cert.pem")];
    const subject = ["-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    execFileSync("openssl", ["req", "-x509", "-nodes", ...curve, "-keyout", key, "-out", certificate, ...subject], {
      stdio: "pipe",
    });
    this.key = readFileSync(key, "utf8");
    this.certificate = readFileSync(certificate, "utf8");
    this.server = createServer(
      { key: this.key, cert: this.certificate, requestCert: true, rejectUnauthorized: false },
      (request, response) => this.answer(request, response),
    );
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A kubeconfig whose current context leads here, and another one to nobody. */
  kubeconfig({ user = {}, ca = this.certificate }: { user?: object; ca?: string } = {}): string {
    return JSON.stringify({
      "current-context": "here",
      contexts: [
        { name: "elsewhere", context: { cluster: "b", user: "b" } },
        { name: "here", context: { cluster: "a", user: "a" } },
      ],
      clusters: [
        { name: "b", cluster: { server: "https://127.0.0.1:1" } },
        { name: "a", cluster: { server: this.url, "certificate-authority-data": Buffer.from(ca).toString("base64") } },
      ],
      users: [{ name: "a", user }],
    });
  }
}
