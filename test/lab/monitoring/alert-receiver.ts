import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { network } from "../../../lab/layout";
import { found } from "../../support/lab/until";

/** One alert as Alertmanager posts it. */
export interface ReceivedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** When it began to fire. */
  readonly startsAt: string;
}

/** What was posted, and with which login. */
interface Post {
  readonly authorization: string | undefined;
  readonly alerts: readonly ReceivedAlert[];
}

/** Stands in for whoever is told of alerts: a webhook on this machine, which pods reach by the node's address. */
export class AlertReceiver {
  readonly posts: Post[] = [];
  private server: Server | undefined;

  /** Address that alerts are posted to. */
  get url(): string {
    if (!this.server) throw new Error("the receiver was not started");
    const { port } = this.server.address() as AddressInfo;
    return `http://${network.nodeAddress}:${port}/alerts`;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { alerts } = JSON.parse(body) as { alerts: ReceivedAlert[] };
      this.posts.push({ authorization: request.headers.authorization, alerts });
      response.end();
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, network.nodeAddress, resolve));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  /** What was posted last of an alert, of these labels if any; `undefined` while there was nothing. */
  latest(name: string, labels: Readonly<Record<string, string>> = {}): ReceivedAlert | undefined {
    const wanted = Object.entries({ ...labels, alertname: name });
    return this.posts
      .flatMap(({ alerts }) => alerts)
      .findLast((alert) => wanted.every(([label, value]) => alert.labels[label] === value));
  }

  /** Waits until the last word on an alert is this. */
  until(
    name: string,
    status: ReceivedAlert["status"],
    labels: Readonly<Record<string, string>> = {},
  ): Promise<ReceivedAlert> {
    const seen = () => this.posts.flatMap(({ alerts }) => alerts.map((one) => `${one.labels.alertname} ${one.status}`));
    const said = async () => [this.latest(name, labels)].find((alert) => alert?.status === status);
    return found(`${name} ${status}`, said, { explain: async () => `Posted: ${seen().join(", ") || "nothing"}` });
  }
}
