// What Prometheus reads of this process. Parse Server has no metrics of its own; requests are counted where they come in.

const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Anything else a client may send is one more method, not a series of its own. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * @param {object} options
 * @param {string} options.path answered here, before Parse Server sees the request
 * @param {string[]} options.uncountedPaths requests by probes, which would dilute those by clients
 */
function createMetrics({ path = "/metrics", uncountedPaths = [] } = {}) {
  const requests = new Map();
  const buckets = BUCKETS_SECONDS.map(() => 0);
  let duration = { count: 0, seconds: 0 };
  const startedAt = Math.round(Date.now() / 1000 - process.uptime());
  let databaseReachable;

  function count(method, code, seconds) {
    const key = `method="${METHODS.has(method) ? method : "other"}",code="${code}"`;
    requests.set(key, (requests.get(key) || 0) + 1);
    duration = { count: duration.count + 1, seconds: duration.seconds + seconds };
    const first = BUCKETS_SECONDS.findIndex((limit) => seconds <= limit);
    if (first >= 0) buckets[first] += 1;
  }

  function middleware(request, response, next) {
    const target = request.url.split("?")[0];
    if (request.method === "GET" && target === path) return answer(response);
    if (!uncountedPaths.includes(target)) {
      const started = process.hrtime.bigint();
      // `close` comes for a client that went away too, whose request was worked on all the same.
      response.once("close", () => {
        const code = response.writableFinished ? response.statusCode : 499;
        count(request.method, code, Number(process.hrtime.bigint() - started) / 1e9);
      });
    }
    next();
  }

  function answer(response) {
    response.statusCode = 200;
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(`${lines().join("\n")}\n`);
  }

  function* families() {
    const name = "parse_server_http_requests_total";
    yield [name, "counter", "Requests of clients.", [...requests].map(([key, value]) => [`${name}{${key}}`, value])];
    yield ["parse_server_http_request_duration_seconds", "histogram", "How long requests took.", histogram()];
    if (databaseReachable !== undefined) {
      const gauge = "parse_server_database_reachable";
      yield [gauge, "gauge", "Whether the database answered the last readiness check.", [[gauge, databaseReachable]]];
    }
    const memory = "process_resident_memory_bytes";
    yield [memory, "gauge", "Resident memory.", [[memory, process.memoryUsage.rss()]]];
    const cpu = process.cpuUsage();
    const seconds = "process_cpu_seconds_total";
    yield [seconds, "counter", "User and system CPU time.", [[seconds, (cpu.user + cpu.system) / 1e6]]];
    const start = "process_start_time_seconds";
    yield [start, "gauge", "When the process started.", [[start, startedAt]]];
  }

  function histogram() {
    const name = "parse_server_http_request_duration_seconds";
    let sum = 0;
    const cumulated = BUCKETS_SECONDS.map((limit, index) => {
      sum += buckets[index];
      return [`${name}_bucket{le="${limit}"}`, sum];
    });
    const whole = [
      [`${name}_bucket{le="+Inf"}`, duration.count],
      [`${name}_sum`, duration.seconds],
      [`${name}_count`, duration.count],
    ];
    return [...cumulated, ...whole];
  }

  function lines() {
    return [...families()].flatMap(([name, type, help, samples]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(([series, value]) => `${series} ${value}`),
    ]);
  }

  function databaseAnswered(answered) {
    databaseReachable = answered ? 1 : 0;
  }

  return { middleware, databaseAnswered };
}

module.exports = { createMetrics };
