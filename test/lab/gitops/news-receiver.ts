import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { network } from "../../../lab/layout";
import { found } from "../../support/lab/until";

/** An event as Flux posts it: https://fluxcd.io/flux/components/notification/events/ */
export interface FluxNews {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A mark at a commit. */
export interface CommitMark {
  readonly commit: string;
  readonly state: string;
  readonly token: string | undefined;
}

/**
 * Stands in, on this machine, for whoever is told of Flux's events, and for the part of GitLab's API that marks commits:
 * https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
 */
export class NewsReceiver {
  readonly news: FluxNews[] = [];
  readonly marks: CommitMark[] = [];
  private server: Server | undefined;

  /** Where it is, as pods reach it. */
  get origin(): string {
    if (!this.server) throw new Error("the receiver was not started");
    return `http://${network.nodeAddress}:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const body = await textOf(request);
      const answer = this.answer(request, body);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answer));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, network.nodeAddress, resolve));
    // Where a test failed before it came to stop this, the process must end all the same.
    server.unref();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  /** Waits until there is such news, or such a mark. */
  until<Kind>(what: string, list: readonly Kind[], matches: (one: Kind) => boolean): Promise<Kind> {
    return found(what, async () => list.find(matches), { explain: async () => `There is ${JSON.stringify(list)}` });
  }

  private answer({ headers, method, url = "" }: IncomingMessage, body: string): unknown {
    if (!url.startsWith("/api/v4/")) {
      this.news.push(JSON.parse(body) as FluxNews);
      return {};
    }
    const [, commit] = /\/statuses\/([0-9a-f]{40})/.exec(url) ?? [];
    // Before it marks a commit Flux asks which marks are there already.
    if (method !== "POST" || !commit) return [];
    const { state } = JSON.parse(body) as { state: string };
    this.marks.push({ commit, state, token: headers["private-token"]?.toString() });
    return { id: this.marks.length, sha: commit, status: state };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
