import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A Kubernetes API that knows the objects it is given by their paths, and no others. */
export class ApiServerStandIn {
  /** Path → object. */
  readonly objects = new Map<string, object>();
  private server: Server | undefined;
  private address = "";

  /** Starts it with a certificate in a folder. */
  async start(folder: string): Promise<void> {
    const [key, certificate] = [join(folder, "api-key.pem"), join(folder, "api-certificate.pem")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=api"];
    execFileSync("openssl", ["req", "-x509", "-nodes", ...curve, "-keyout", key, "-out", certificate], {
      stdio: "pipe",
    });
    const options = { key: readFileSync(key), cert: readFileSync(certificate) };
    this.server = createServer(options, ({ method, url = "" }, response) => {
      const found = method === "GET" ? this.objects.get(url) : undefined;
      response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { message: `${url} not found` }));
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.address = `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A kubeconfig that leads to it. */
  kubeconfig(): string {
    return JSON.stringify({
      "current-context": "here",
      contexts: [{ name: "here", context: { cluster: "here", user: "here" } }],
      clusters: [{ name: "here", cluster: { server: this.address, "insecure-skip-tls-verify": true } }],
      users: [{ name: "here", user: { token: "token" } }],
    });
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
