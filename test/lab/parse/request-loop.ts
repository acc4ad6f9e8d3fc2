import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ParseAddress } from "../../../lab/proof";

/** Of each client, after each request: together some sixty requests a second. Without it they take all of two cores. */
const PAUSE_MILLISECONDS = 50;

/** A request that did not end as it should. */
export interface FailedRequest {
  readonly at: Date;
  readonly reason: string;
}

/** What a loop did. */
export interface LoopResult {
  readonly sent: number;
  readonly failed: readonly FailedRequest[];
}

/**
 * Clients that query Parse Server one request after the other, until they are stopped: some with a new connection for
 * each request, some that keep theirs, as a mobile app and a gateway do.
 */
export class RequestLoop {
  private running = true;
  private sent = 0;
  private pausedUntil = 0;
  private readonly failed: FailedRequest[] = [];
  private readonly clients: Promise<void>[];
  private readonly keepAlive = new Agent({ keepAlive: true, maxSockets: 2 });

  constructor(private readonly address: ParseAddress) {
    const fresh = [false, false] as const;
    const kept = [this.keepAlive, this.keepAlive] as const;
    this.clients = [...fresh, ...kept].map((agent) => this.client(agent));
  }

  /** No client asks for so long, as when all are slow at once. */
  async pause(milliseconds: number): Promise<void> {
    this.pausedUntil = Date.now() + milliseconds;
    await sleep(milliseconds);
  }

  /** Ends the loop, and says what it did. */
  async stop(): Promise<LoopResult> {
    this.running = false;
    await Promise.all(this.clients);
    this.keepAlive.destroy();
    return { sent: this.sent, failed: this.failed };
  }

  private async client(agent: Agent | false): Promise<void> {
    while (this.running) {
      const reason = await this.query(agent);
      this.sent += 1;
      if (reason) this.failed.push({ at: new Date(), reason: `${agent ? "kept" : "new"} connection: ${reason}` });
      await sleep(Math.max(PAUSE_MILLISECONDS, this.pausedUntil - Date.now()));
    }
  }

  /** Why a query failed, or undefined. */
  private query(agent: Agent | false): Promise<string | undefined> {
    return new Promise((resolve) => {
      const headers = { "X-Parse-Application-Id": this.address.applicationId };
      const options = { agent, headers, timeout: 30_000 };
      const call = request(`${this.address.url}/classes/Note?limit=1`, options, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          answer += text;
        });
        response.on("end", () =>
          resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}: ${answer.slice(0, 500)}`),
        );
        response.on("error", (error) => resolve(String(error)));
      });
      call.on("timeout", () => call.destroy(new Error("no answer within 30 s")));
      call.on("error", (error) => resolve(String(error)));
      call.end();
    });
  }
}
