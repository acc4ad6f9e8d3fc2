import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A name that its certificate is for, which no resolver knows: only a proxy leads there. */
export const API_NAME = "api.customer.test";

/** An IPv6 address that it is for, which nobody has. */
export const API_ADDRESS = "2001:db8::7";

/** What a kubeconfig says beside what is usual. */
export interface KubeconfigDetails {
  readonly user?: object;
  /** PEM. Default: the stand-in's certificate. */
  readonly ca?: string;
  /** Address of the server. Default: where the stand-in listens. */
  readonly server?: string;
  /** Further fields of the cluster; `undefined` takes one away. */
  readonly cluster?: object;
}

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
  /** Where it listens on 127.0.0.1. */
  port = 0;

  async start(): Promise<void> {
    const [key, certificate] = [join(this.folder, "key.pem"), join(this.folder, "cert.pem")];
    const subject = ["-subj", "/CN=api", "-addext", `subjectAltName=IP:127.0.0.1,IP:${API_ADDRESS},DNS:${API_NAME}`];
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
    this.port = (this.server.address() as AddressInfo).port;
    this.url = `https://127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A kubeconfig whose current context leads here, and another one to nobody. */
  kubeconfig({ user = {}, ca = this.certificate, server = this.url, cluster = {} }: KubeconfigDetails = {}): string {
    const authority = { "certificate-authority-data": Buffer.from(ca).toString("base64") };
    return JSON.stringify({
      "current-context": "here",
      contexts: [
        { name: "elsewhere", context: { cluster: "b", user: "b" } },
        { name: "here", context: { cluster: "a", user: "a" } },
      ],
      clusters: [
        { name: "b", cluster: { server: "https://127.0.0.1:1" } },
        { name: "a", cluster: { server, ...authority, ...cluster } },
      ],
      users: [{ name: "a", user }],
    });
  }
}
