import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { projectChart } from "../../../components/parse/chart";

interface Metrics {
  middleware(request: unknown, response: unknown, next: () => void): void;
  databaseAnswered(answered: boolean): void;
}

const FILE = join(resolve(projectChart("parse-server"), "files", "server"), "metrics.js");

describe("the server's metrics", () => {
  let server: Server;
  let metrics: Metrics;
  let parse: RequestListener;

  beforeEach(async () => {
    metrics = require(FILE).createMetrics({ path: "/metrics", uncountedPaths: ["/metrics", "/ready"] });
    parse = (_, response) => response.end("from Parse");
    server = createServer((request, response) => metrics.middleware(request, response, () => parse(request, response)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init).then((answer) => answer.text());

  /** What a scrape shows once the answers are on their way. */
  async function scraped(): Promise<Record<string, number>> {
    await new Promise((done) => setImmediate(done));
    const samples = (await ask("/metrics")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(samples.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
  }

  it("count what clients asked for by method and outcome, and leave all of it to Parse Server", async () => {
    assert.equal(await ask("/parse/classes/Note?limit=1"), "from Parse");
    await ask("/parse/classes/Note", { method: "POST", body: "{}" });
    parse = (_, response) => {
      response.statusCode = 500;
      response.end();
    };
    await ask("/parse/classes/Note");
    const samples = await scraped();
    assert.equal(samples['parse_server_http_requests_total{method="GET",code="200"}'], 1);
    assert.equal(samples['parse_server_http_requests_total{method="POST",code="200"}'], 1);
    assert.equal(samples['parse_server_http_requests_total{method="GET",code="500"}'], 1);
    assert.equal(samples.parse_server_http_request_duration_seconds_count, 3);
    assert.equal(samples['parse_server_http_request_duration_seconds_bucket{le="+Inf"}'], 3);
    const within = samples['parse_server_http_request_duration_seconds_bucket{le="10"}'];
    assert.equal(within, 3, "buckets are cumulative");
  });

  it("do not count probes", async () => {
    await ask("/ready");
    assert.equal((await scraped()).parse_server_http_request_duration_seconds_count, 0);
  });

  it("make one series of all methods that HTTP does not know", async () => {
    await ask("/parse", { method: "PROPFIND" });
    assert.equal((await scraped())['parse_server_http_requests_total{method="other",code="200"}'], 1);
  });

  it("say nothing of the database before it was asked, and then what it answered last", async () => {
    assert.equal((await scraped()).parse_server_database_reachable, undefined);
    metrics.databaseAnswered(true);
    assert.equal((await scraped()).parse_server_database_reachable, 1);
    metrics.databaseAnswered(false);
    assert.equal((await scraped()).parse_server_database_reachable, 0);
  });
});
