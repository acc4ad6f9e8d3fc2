import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { boards } from "../../../components/monitoring/dashboards";
import { queriesOf } from "../../../components/monitoring/dashboards/board";
import { gitopsBoard } from "../../../components/monitoring/dashboards/operations";
import { kubeletService } from "../../../components/monitoring/names";
import { alertRules } from "../../../components/monitoring/rules";
import { watchedOf } from "../../../components/platform/platform-monitoring";
import { parseSettings } from "../../../components/settings";
import { paths, projectRoot } from "../../../lab/layout";
import { listObjects } from "../../../lab/node/cluster-api";
import { kubectl } from "../../../lab/node/start";
import { proveParse } from "../../../lab/proof";
import { leaveRecord } from "../../../ops/drill/record";
import { Cluster } from "../../../ops/recovery/cluster";
import { decodeHelmRelease, findSecrets } from "../../support/lab/secret-scan";
import { found, until, untilNothingIsMissing } from "../../support/lab/until";
import { AlertReceiver } from "./alert-receiver";
import { MonitoringStack } from "./monitoring-stack";
import { PrometheusClient, type Target } from "./prometheus-client";

/** Jobs that have to be there, by how their names end. */
const JOBS = [
  "apiserver",
  "kubelet",
  "node-exporter",
  "kube-state-metrics",
  "monitoring-prometheus",
  "monitoring-alertmanager",
  "monitoring-operator",
  "/parse",
  "/velero",
  "/blackbox-exporter",
  "parse-health",
];

/** What the alerts of Parse and its database are made of. */
const healthOf = (namespace: string) => [
  `probe_success{namespace="${namespace}"}`,
  `parse_server_database_reachable{namespace="${namespace}"}`,
  `up{namespace="${namespace}"}`,
  `ALERTS{namespace="${namespace}"}`,
];

describe("monitoring in the lab", () => {
  const receiver = new AlertReceiver();
  const stack = new MonitoringStack("watched", receiver);
  const token = randomBytes(24).toString("hex");
  const outputs: string[] = [];
  let prometheus: PrometheusClient;

  const watched = () => {
    const { backup, customer, parse } = stack.settings();
    return watchedOf(parseSettings({ customer, cluster: { kind: "existing", kubeconfig: "unused" }, parse, backup }));
  };
  const groups = () => alertRules(watched(), stack.monitoring);

  before(async () => {
    await receiver.start();
    await stack.create();
    await stack.giveToken(token);
    outputs.push(await stack.succeed("preview"));
    outputs.push(await stack.up());
    prometheus = await PrometheusClient.of(stack.monitoring, "monitoring-prometheus");
    // The operator starts it, after the update.
    await found("Prometheus", () => prometheus.get("status/runtimeinfo"));
    // Metrics of requests are there once there was one.
    await proveParse(await stack.parseAddress());
  });
  after(async () => {
    await stack.remove();
    await receiver.stop();
  });

  it("has nothing to change after the first update, after a refresh neither", async () => {
    await stack.expectNoChanges();
    await stack.succeed("preview", "--refresh", "--expect-no-changes", "--diff");
  });

  it("reads every target, and those of every part are there", async () => {
    const ours = ({ labels }: Target) =>
      [stack.namespace, stack.velero, stack.monitoring, "kube-system", "default"].includes(labels.namespace ?? "");
    await untilNothingIsMissing(async () => {
      const targets = (await prometheus.targets()).filter(ours);
      const unread = targets.filter(({ health }) => health !== "up");
      const absent = JOBS.filter((job) => !targets.some(({ labels }) => labels.job?.endsWith(job)));
      return [...unread.map(({ lastError, scrapeUrl }) => `${scrapeUrl}: ${lastError}`), ...absent];
    });
  });

  it("has loaded every rule, and evaluates each of them", async () => {
    await untilNothingIsMissing(async () => {
      const loaded = (await prometheus.groups()).filter(({ file }) => file.includes(stack.monitoring));
      return groups().flatMap(({ name, rules }) => {
        const group = loaded.find((candidate) => candidate.name === `onprem-${name}`);
        if (group?.rules.length !== rules.length) return [`${name} has ${group?.rules.length ?? 0} rules`];
        return group.rules.flatMap(({ health, lastError, name: rule }) =>
          health === "ok" ? [] : [`${rule}: ${lastError}`],
        );
      });
    });
  });

  it("asks in its rules only for metrics that exist", async () => {
    await stack.backUp("proof");
    const expressions = groups().flatMap(({ rules }) => rules.map(({ expr }) => expr));
    const metrics = new Set(expressions.flatMap((expr) => expr.match(/\b[a-z]+_[a-z_A-Z]+(?=[{[ ])/g) ?? []));
    assert.ok(metrics.size > 20, [...metrics].join(", "));
    // Velero has made no backup of the schedule yet: what a backup of none leaves is the same metric.
    await untilNothingIsMissing(async () => {
      const known = await prometheus.get<string[]>("label/__name__/values");
      return [...metrics].filter((metric) => !known.includes(metric) && !FUNCTIONS.includes(metric));
    });
  });

  it("knows that no restore was proven, and once a drill has left its record how old that is", async () => {
    const rules = groups().flatMap((group) => group.rules.filter(({ alert }) => alert === "DrillTooOld"));
    const [age = "", never = ""] = rules.map(({ expr }) => expr.replace(/> \d+ \* 86400/, "> 0"));
    assert.deepEqual([(await prometheus.query(age)).length, (await prometheus.query(never)).length], [0, 1]);
    const cluster = new Cluster(readFileSync(paths.kubeconfig, "utf8"));
    try {
      const at = new Date().toISOString();
      for (const name of ["drill-1", "drill-2"])
        await leaveRecord(cluster, stack.velero, {
          at,
          passed: true,
          backup: { name, completedAt: at },
          versions: {},
          lost: [],
        });
    } finally {
      cluster.close();
    }
    await until("the age of the proof", async () => (await prometheus.query(age)).length > 0);
    assert.deepEqual(await prometheus.query(never), []);
  });

  it("answers every query of every dashboard with data", async () => {
    const asked = boards(watched()).flatMap((board) =>
      queriesOf(board).map(({ expr }) => expr.replaceAll("$__rate_interval", "1m")),
    );
    await untilNothingIsMissing(async () => {
      const empty: string[] = [];
      for (const expr of asked) if ((await prometheus.query(expr)).length === 0) empty.push(expr);
      return empty;
    });
  });

  it("understands the queries of a stack that has GitOps too", async () => {
    const asked = queriesOf(gitopsBoard).map(({ expr }) => expr.replaceAll("$__rate_interval", "1m"));
    assert.ok(asked.length > 0);
    for (const expr of asked) await prometheus.query(expr);
  });

  it("reports what its Prometheus says, on a page that asks nobody for anything", async () => {
    const folder = mkdtempSync(join(tmpdir(), "report-"));
    const program = join(projectRoot, "dist", "ops", "report", "cli.js");
    await execa("node", [program, "--stack", stack.name, "--hours", "1", "--out", folder], {
      cwd: projectRoot,
      env: stack.environment(),
    });
    const { figures, support } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as {
      figures: { title: string; value?: number }[];
      support: { product: string; state: string }[];
    };
    const known = support.map(({ product }) => product);
    for (const product of ["Kubernetes", "Parse Server", "PostgreSQL", "Velero", "Prometheus"])
      assert.ok(known.includes(product), `${product} is not among ${known.join(", ")}`);
    const answered = figures.filter(({ value }) => value !== undefined).map(({ title }) => title);
    assert.ok(answered.includes("Memory in use") && answered.includes("Pods not running"), answered.join(", "));
    assert.match(readFileSync(join(folder, "report.html"), "utf8"), /default-src 'none'/);
    rmSync(folder, { recursive: true });
  });

  it("tells of a stopped database, of Parse scaled to nothing and of a lost store, and when each is well again", async () => {
    const ofParse = { namespace: stack.namespace };
    const lost = new Date();
    await stack.scale(stack.velero, "statefulset/store-inside", 0);
    await stack.scale(stack.namespace, "statefulset/parse-server-postgresql", 0);
    const database = await receiver.until("DatabaseUnreachable", "firing", ofParse);
    assert.deepEqual([database.labels.severity, database.labels.customer], ["critical", stack.name]);
    assert.equal(database.annotations.runbook_url, "docs/runbooks/database-unreachable.md");
    const back = new Date();
    await stack.scale(stack.namespace, "statefulset/parse-server-postgresql", 1);
    await receiver.until("DatabaseUnreachable", "resolved", ofParse);
    // On a busy machine Parse may be down before, or take more than a minute after.
    const parseDown = new Date(receiver.latest("ParseDown", ofParse)?.startsAt ?? 0);
    if (parseDown >= lost && parseDown <= back) {
      const history = await prometheus.history(lost, ...healthOf(stack.namespace));
      assert.fail(`Parse is down with its database: no news\n${history}`);
    }
    await stack.scale(stack.namespace, "deployment/parse-server", 0);
    await receiver.until("ParseDown", "firing", ofParse);
    await stack.scale(stack.namespace, "deployment/parse-server", 1);
    await receiver.until("BackupStoreUnavailable", "firing");
    await stack.scale(stack.velero, "statefulset/store-inside", 1);
    await receiver.until("ParseDown", "resolved", ofParse);
    await receiver.until("BackupStoreUnavailable", "resolved");
  });

  it("tells the receiver nothing of the Watchdog, and gives it its token", () => {
    assert.equal(receiver.latest("Watchdog"), undefined);
    assert.deepEqual([...new Set(receiver.posts.map(({ authorization }) => authorization))], [`Bearer ${token}`]);
  });

  it("keeps the receiver's token out of state, output, logs and all objects but its Secret", async () => {
    const of = (...args: string[]) => kubectl("-n", stack.monitoring, ...args);
    const kinds =
      "pods,configmaps,deployments,daemonsets,statefulsets,events,prometheuses,alertmanagers,prometheusrules";
    const secrets = JSON.parse(await of("get", "secrets", "-o", "json")) as {
      items: { metadata: { name: string }; type: string; data: Record<string, string> }[];
    };
    const releases = secrets.items.filter(({ type }) => type === "helm.sh/release.v1");
    assert.ok(releases.length > 0, "Helm's record was not found");
    const others = secrets.items.filter(
      ({ metadata, type }) => type !== "helm.sh/release.v1" && metadata.name !== "alertmanager-credentials",
    );
    const findings = findSecrets(
      { token },
      {
        "exported state": await stack.succeed("stack", "export"),
        "plain stack output": await stack.succeed("stack", "output", "--json"),
        "preview and up": outputs.join("\n"),
        objects: await of("get", kinds, "-o", "json"),
        "other Secrets": JSON.stringify(others),
        "Helm's records": releases.map(({ data }) => decodeHelmRelease(data.release ?? "")).join("\n"),
        "logs of Alertmanager": await of("logs", "alertmanager-monitoring-alertmanager-0", "--all-containers"),
        "logs of Prometheus": await of("logs", "prometheus-monitoring-prometheus-0", "--all-containers"),
        "logs of the operator": await of("logs", "deployment/monitoring-operator"),
      },
    );
    assert.deepEqual(findings, []);
  });

  it("leaves nothing behind when the stack is destroyed, but the kinds of its objects", async () => {
    await stack.succeed("destroy", "--yes", "--skip-preview");
    await assert.rejects(kubectl("get", "namespace", stack.monitoring), /not found/);
    const left = await kubectl("get", "clusterroles,clusterrolebindings", "-o", "name");
    assert.doesNotMatch(left, /\/monitoring-/);
    // Stacks beside this one have theirs.
    for (const kind of ["services", "endpoints"]) {
      const names = (await listObjects(kind, "kube-system")).map(({ metadata }) => metadata.name);
      assert.ok(!names.includes(kubeletService(stack.monitoring)), names.join(", "));
    }
    assert.match(await kubectl("get", "customresourcedefinitions", "-o", "name"), /prometheusrules\.monitoring/);
  });
});

/** Words of PromQL that look like metrics. */
const FUNCTIONS = ["predict_linear", "max_over_time", "histogram_quantile"];
