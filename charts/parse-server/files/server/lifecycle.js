// Readiness and draining inside the server's own process: a probe that starts a process of its own every few seconds
// would cost more than the server, and Parse Server's /health answers 200 while its database is gone.

/** Reads at most one row of a system class through the in-process API: no network hop, no master-key address check. */
async function readDatabase() {
  await new global.Parse.Query("_Role").select("objectId").limit(1).find({ useMasterKey: true });
}

/**
 * Parse Server answers some refusals, such as a wrong master key, and then hands the error on to Express, which destroys
 * the connection under the finished answer (`handleParseErrors` and `finalhandler`). A client that is not told may have
 * sent its next request into it. Not found is never handed on, and common.
 */
function announceClosing(response) {
  const { writeHead } = response;
  response.writeHead = (status, ...rest) => {
    if (status >= 400 && status !== 404) response.setHeader("Connection", "close");
    return writeHead.call(response, status, ...rest);
  };
}

const POLL_MILLISECONDS = 50;

/**
 * @param {object} options
 * @param {string} options.readinessPath answered here, before Parse Server sees the request
 * @param {number} options.readinessTimeoutMilliseconds how long the database may take
 * @param {number} options.keepAliveMilliseconds how long an idle client connection stays open
 * @param {number} options.closeIdleAfterMilliseconds when, in a drain, connections that never spoke again are closed
 * @param {number} options.quietMilliseconds how long no request was there before a drained server may end
 * @param {number} options.longestHoldMilliseconds after SIGTERM, however many requests come
 * @param {() => Promise<void>} [options.checkDatabase] for tests
 * @param {(answered: boolean) => void} [options.databaseAnswered] is told the outcome of each check
 */
function createLifecycle(options) {
  const checkDatabase = options.checkDatabase || readDatabase;
  const databaseAnswered = options.databaseAnswered || (() => {});
  let draining = false;
  let server;
  let pendingCheck;
  let working = 0;
  let lastRequestAt = 0;

  /** One check at a time: probes that come while one hangs share its result instead of piling up. */
  function sharedCheck() {
    if (!pendingCheck) {
      pendingCheck = Promise.resolve()
        .then(checkDatabase)
        .finally(() => {
          pendingCheck = undefined;
        });
      pendingCheck.catch(() => {});
    }
    return pendingCheck;
  }

  function withTimeout(promise) {
    let timer;
    const timeout = new Promise((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer within ${options.readinessTimeoutMilliseconds} ms`)),
        options.readinessTimeoutMilliseconds,
      );
    });
    return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
  }

  function answer(response, status, body) {
    response.statusCode = status;
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Cache-Control", "no-store");
    response.end(JSON.stringify(body));
  }

  async function readiness(response) {
    if (draining) return answer(response, 503, { status: "draining" });
    try {
      await withTimeout(sharedCheck());
      databaseAnswered(true);
      answer(response, 200, { status: "ready" });
    } catch (error) {
      databaseAnswered(false);
      // The reason goes to the log, not to whoever asks: driver messages name hosts and users.
      console.error(`Not ready: the database does not answer: ${error.message}`);
      answer(response, 503, { status: "database unreachable" });
    }
  }

  function adopt(request) {
    server = request.socket?.server;
    if (!server) return;
    // Longer than any proxy keeps a connection, so that a proxy never sends a request into one being closed.
    server.keepAliveTimeout = options.keepAliveMilliseconds;
    server.headersTimeout = options.keepAliveMilliseconds + 5000;
  }

  function middleware(request, response, next) {
    if (!server) adopt(request);
    // A client that keeps its connection open would otherwise stay on this pod until the very end.
    if (draining) response.setHeader("Connection", "close");
    else announceClosing(response);
    if (request.method === "GET" && request.url.split("?")[0] === options.readinessPath)
      return void readiness(response);
    working += 1;
    lastRequestAt = Date.now();
    response.once("close", () => {
      working -= 1;
    });
    next();
  }

  async function quiet() {
    const deadline = Date.now() + options.longestHoldMilliseconds;
    const busy = () => working > 0 || Date.now() - lastRequestAt < options.quietMilliseconds;
    while (busy() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }

  /**
   * On SIGTERM Parse Server takes its database away from the requests that it still works on, and each is answered 500
   * (`handleShutdown` in its ParseServer.js). Where a proxy learns late that the pod goes, new ones still come. So Parse
   * Server hears of the signal once no request was there for a while.
   */
  function holdTermination(emitter) {
    const listeners = emitter.listeners("SIGTERM");
    // Before it has started it knows nothing of the signal, and serves nobody.
    if (listeners.length === 0) return;
    emitter.removeAllListeners("SIGTERM");
    let held = false;
    emitter.on("SIGTERM", async () => {
      if (held) return;
      held = true;
      await quiet();
      for (const listener of listeners) listener.call(emitter, "SIGTERM");
    });
  }

  function drain() {
    draining = true;
    const timer = setTimeout(() => server?.closeIdleConnections?.(), options.closeIdleAfterMilliseconds);
    timer.unref?.();
  }

  function drainOn(emitter, signal) {
    emitter.on(signal, () => {
      if (draining) return;
      holdTermination(emitter);
      drain();
    });
  }

  return { middleware, drain, drainOn };
}

module.exports = { createLifecycle };
