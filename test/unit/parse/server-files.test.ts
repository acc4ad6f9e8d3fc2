import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { projectChart } from "../../../components/parse/chart";

const FILES = resolve(projectChart("parse-server"), "files", "server");

interface Lifecycle {
  middleware(request: unknown, response: unknown, next: () => void): void;
  drain(): void;
  drainOn(emitter: EventEmitter, signal: string): void;
}

describe("the server's configuration file", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parse-config-"));
    cpSync(FILES, folder, { recursive: true });
    process.env.PARSE_SECRETS_FOLDER = join(folder, "secrets");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    process.removeAllListeners("SIGUSR2");
    delete process.env.PARSE_SECRETS_FOLDER;
  });

  function load(settings: object, secrets: Record<string, string>): Record<string, unknown> {
    const complete = { server: {}, options: {}, secretOptions: ["appId", "masterKey"], lifecycle: {}, ...settings };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(complete));
    for (const [name, value] of Object.entries(secrets)) {
      mkdirSync(join(folder, "secrets", name), { recursive: true });
      writeFileSync(join(folder, "secrets", name, "value"), value);
    }
    return require(join(folder, "config.js"));
  }

  const mongodb = {
    kind: "mongodb",
    name: "parse",
    user: "parse",
    hosts: ["a:1", "b:2"],
    parameters: { replicaSet: "rs" },
  };
  const keys = { appId: "app\n", masterKey: "master", databasePassword: "p@ss/word" };

  it("reads every secret from its file and composes the database's address", () => {
    const config = load({ database: mongodb }, keys);
    assert.equal(config.appId, "app");
    assert.equal(config.masterKey, "master");
    assert.equal(config.databaseURI, "mongodb://parse:p%40ss%2Fword@a:1,b:2/parse?replicaSet=rs");
  });

  it("takes an external address whole, its own parameters first", () => {
    const database = { kind: "external", parameters: { tls: "true", w: "1" } };
    const config = load({ database }, { ...keys, databaseUri: "mongodb://u:p@h/db?w=majority" });
    assert.equal(config.databaseURI, "mongodb://u:p@h/db?w=majority&tls=true");
  });

  it("lets the customer's options add but not displace", () => {
    const settings = {
      database: { ...mongodb, options: { schemaCacheTtl: 5000 } },
      options: { appId: "other", passwordPolicy: { a: 1 }, databaseOptions: { maxPoolSize: 5 } },
    };
    const config = load(settings, keys);
    assert.equal(config.appId, "app");
    assert.deepEqual(config.passwordPolicy, { a: 1 });
    assert.deepEqual(config.databaseOptions, { schemaCacheTtl: 5000, maxPoolSize: 5 });
  });

  it("names the secret that is missing or empty", () => {
    const { masterKey: _, ...without } = keys;
    assert.throws(() => load({ database: mongodb }, without), /secret "masterKey" cannot be read from .*: ENOENT/);
    assert.throws(
      () => load({ database: mongodb }, { ...keys, masterKey: " \n" }),
      /secret "masterKey" in .* is empty/,
    );
  });
});

describe("the server's lifecycle", () => {
  let server: Server;
  let lifecycle: Lifecycle;
  let options: Record<string, unknown>;
  let check: () => Promise<void>;
  let checks: number;
  let errors: string[];
  /** What a request for `/parse/slow` waits for, and what it calls before. */
  let slow: Promise<void>;
  let begun: () => void;
  const agent = new Agent({ keepAlive: true });
  const log = console.error;

  beforeEach(async () => {
    checks = 0;
    errors = [];
    check = async () => {};
    console.error = (line: string) => errors.push(line);
    options = {
      ...{ readinessPath: "/ready", readinessTimeoutMilliseconds: 60, keepAliveMilliseconds: 75000 },
      ...{ closeIdleAfterMilliseconds: 20, quietMilliseconds: 100, longestHoldMilliseconds: 60_000 },
      checkDatabase: () => {
        checks++;
        return check();
      },
    };
    lifecycle = require(join(FILES, "lifecycle.js")).createLifecycle(options);
    server = createServer((request, response) =>
      lifecycle.middleware(request, response, async () => {
        if (request.url === "/parse/slow") {
          begun();
          await slow;
        }
        response.statusCode = Number(/status=(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
        response.end("from Parse");
        // As Express does with an error that was answered already.
        if (response.statusCode === 403) request.socket.destroy();
      }),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    console.error = log;
    server.closeAllConnections();
    server.close();
  });

  function ask(
    path: string,
  ): Promise<{ status: number | undefined; body: string; headers: IncomingMessage["headers"] }> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolveAnswer, reject) => {
      get({ host: "127.0.0.1", port, path, agent }, async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolveAnswer({ status: response.statusCode, body, headers: response.headers });
      }).on("error", reject);
    });
  }

  it("is ready when the database answers, and leaves all other paths to Parse Server", async () => {
    assert.equal((await ask("/ready")).status, 200);
    assert.equal((await ask("/parse/health")).body, "from Parse");
  });

  it("is not ready when the database fails, with the reason in the log only", async () => {
    check = () => Promise.reject(new Error("host db-7 refused user parse"));
    const { status, body } = await ask("/ready");
    assert.equal(status, 503);
    assert.doesNotMatch(body, /db-7/);
    assert.match(errors.join(), /db-7/);
  });

  it("gives up on a database that hangs, asks it only once meanwhile, and recovers", async () => {
    let release = () => {};
    check = () => new Promise((done) => (release = done));
    assert.deepEqual(
      (await Promise.all([ask("/ready"), ask("/ready"), ask("/ready")])).map(({ status }) => status),
      [503, 503, 503],
    );
    assert.equal(checks, 1);
    release();
    check = async () => {};
    await new Promise((done) => setImmediate(done));
    assert.equal((await ask("/ready")).status, 200);
  });

  it("keeps connections longer than a proxy would", async () => {
    const { headers } = await ask("/parse");
    assert.equal(headers.connection, "keep-alive");
    assert.equal(server.keepAliveTimeout, 75000);
    assert.ok(server.headersTimeout > server.keepAliveTimeout);
  });

  it("tells a client of the connection that goes with a refusal: no next request is sent into it", async () => {
    const connections = await Promise.all([200, 404, 400, 403, 500].map((status) => ask(`/parse?status=${status}`)));
    assert.deepEqual(
      connections.map(({ headers }) => headers.connection),
      ["keep-alive", "keep-alive", "close", "close", "close"],
    );
    for (const status of [403, 200, 403, 200]) assert.equal((await ask(`/parse?status=${status}`)).status, status);
  });

  it("goes on serving while it drains, asks clients to come back on a new connection, and is not ready", async () => {
    lifecycle.drain();
    const answer = await ask("/parse");
    assert.equal(answer.body, "from Parse");
    assert.equal(answer.headers.connection, "close");
    assert.equal((await ask("/ready")).status, 503);
  });

  it("closes connections that stay silent during the drain", async () => {
    await ask("/parse");
    const connections = () => new Promise<number>((done) => server.getConnections((_, count) => done(count)));
    assert.equal(await connections(), 1);
    lifecycle.drain();
    const deadline = Date.now() + 2000;
    while ((await connections()) > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10));
    assert.equal(await connections(), 0);
  });

  describe("once it was told to drain and then to end", () => {
    let process: EventEmitter;
    let ended: number;

    beforeEach(() => {
      ended = 0;
      process = new EventEmitter();
      lifecycle.drainOn(process, "SIGUSR2");
      process.on("SIGTERM", () => {
        ended += 1;
      });
      process.emit("SIGUSR2");
    });

    const pass = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
    /** Asks for what takes time, and returns once that is worked on. */
    const begin = async () => {
      const reached = new Promise<void>((done) => (begun = done));
      const answer = ask("/parse/slow");
      answer.catch(() => {});
      await reached;
      return () => answer;
    };
    const untilEnded = async () => {
      const deadline = Date.now() + 30_000;
      while (ended === 0 && Date.now() < deadline) await pass(10);
      assert.equal(ended, 1);
    };

    it("takes nothing away from a request that is still worked on", async () => {
      let release = () => {};
      slow = new Promise((done) => (release = done));
      const answer = await begin();
      process.emit("SIGTERM");
      await pass(300);
      assert.equal(ended, 0);
      release();
      assert.equal((await answer()).body, "from Parse");
      await untilEnded();
    });

    it("serves those whose proxy has not learned yet that it goes", async () => {
      options.quietMilliseconds = 3000;
      for (let requests = 0; requests < 10; requests += 1) {
        assert.equal((await ask("/parse")).body, "from Parse");
        if (requests === 0) process.emit("SIGTERM");
        assert.equal(ended, 0);
        await pass(30);
      }
      await untilEnded();
    });

    it("ends at once when nobody asks, and once when it is told twice", async () => {
      process.emit("SIGTERM");
      process.emit("SIGTERM");
      await untilEnded();
      await pass(100);
      assert.equal(ended, 1);
    });

    it("does not wait for ever for a request that hangs", async () => {
      options.longestHoldMilliseconds = 300;
      slow = new Promise(() => {});
      const answer = await begin();
      process.emit("SIGTERM");
      await untilEnded();
      server.closeAllConnections();
      await assert.rejects(answer);
    });
  });

  it("leaves the signal to the process before Parse Server has started", () => {
    const process = new EventEmitter();
    lifecycle.drainOn(process, "SIGUSR2");
    process.emit("SIGUSR2");
    assert.equal(process.listenerCount("SIGTERM"), 0);
  });
});
