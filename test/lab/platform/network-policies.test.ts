import assert from "node:assert/strict";
import { network } from "../../../lab/layout";
import { kubectlWith } from "../../../lab/node/start";
import { type Manifest, one, render } from "../../support/chart/render";
import { type Connection, ProbePods } from "../../support/lab/probe-pods";
import { until } from "../../support/lab/until";
import { deploy, own } from "../../support/sample-platform";

const parse = "policies-parse";
const monitoring = "policies-monitoring";
const velero = "policies-velero";
const elsewhere = "policies-elsewhere";

const dns = network.dnsService;
const api = network.kubernetesService;

/** Labels that the chart gives to the pods of what it names so. */
function labelsOf(chart: Manifest[], kind: string): Record<string, string> {
  return one(chart, kind).spec.template.metadata.labels;
}

/** What each policy lets through, and some of what it does not, of a stack with every part. */
const connections: Readonly<Record<string, readonly Connection[]>> = {
  [`${parse}/parse-server-default-deny`]: [
    ["outsider", "job", 1337, "closed"],
    ["job", "outsider", 443, "closed"],
    ["job", "server", 1337, "closed"],
    ["job", dns, 53, "closed"],
  ],
  [`${parse}/parse-server-server`]: [
    ["outsider", "server", 1337, "open"],
    ["outsider", "server", 1338, "closed"],
    ["server", dns, 53, "open"],
    ["server", "database", 5432, "open"],
    ["server", "database", 5433, "closed"],
    ["server", "outsider", 443, "open"],
    ["server", "outsider", 8080, "closed"],
  ],
  [`${parse}/parse-server-postgresql`]: [
    ["outsider", "database", 5432, "closed"],
    ["job", "database", 5432, "closed"],
    ["database", dns, 53, "closed"],
    ["database", "server", 1337, "closed"],
    ["database", "outsider", 443, "closed"],
  ],
  [`${monitoring}/monitoring`]: [
    ["outsider", "prometheus", 9090, "closed"],
    ["prober", "prometheus", 9090, "closed"],
    ["prometheus", "server", 1337, "open"],
    ["prometheus", "outsider", 8080, "open"],
    ["prometheus", api, 443, "open"],
  ],
  [`${monitoring}/blackbox-exporter`]: [
    ["prometheus", "prober", 9115, "open"],
    ["prometheus", "prober", 9116, "closed"],
    ["outsider", "prober", 9115, "closed"],
    ["prober", dns, 53, "open"],
    ["prober", "server", 1337, "open"],
    ["prober", "outsider", 1337, "closed"],
  ],
  [`${velero}/velero`]: [
    ["outsider", "backups", 8085, "open"],
    ["outsider", "backups", 8086, "closed"],
    ["backups", dns, 53, "open"],
    ["backups", api, 443, "open"],
    ["backups", "outsider", 443, "open"],
    ["backups", "outsider", 8080, "closed"],
  ],
  [`${velero}/store-inside`]: [
    // Other ports of the store's are open to them here, and shut by other network plugins: docs/lab-stand-ins.md.
    ["backups", "store", 9000, "open"],
    ["outsider", "store", 9000, "closed"],
  ],
};

/** The policies that the program makes by itself; those of Parse are the chart's. */
async function policiesOfTheProgram(): Promise<Manifest[]> {
  const run = await deploy({
    cluster: own,
    parse: { namespace: parse },
    monitoring: { namespace: monitoring },
    backup: { namespace: velero },
  });
  return run.all("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ inputs }) => inputs as unknown as Manifest);
}

describe("the platform's NetworkPolicies, in force", () => {
  const chart = render("lab");
  const policies: object[] = [];
  const all = Object.values(connections).flat();
  let pods: ProbePods;

  before(async () => {
    const ofChart = chart.filter(({ kind }) => kind === "NetworkPolicy");
    for (const policy of ofChart) policies.push({ ...policy, metadata: { ...policy.metadata, namespace: parse } });
    policies.push(...(await policiesOfTheProgram()));
    const instance = labelsOf(chart, "Deployment")["app.kubernetes.io/instance"] ?? "";
    pods = new ProbePods([
      { namespace: parse, name: "server", labels: labelsOf(chart, "Deployment"), ports: [1337, 1338] },
      { namespace: parse, name: "database", labels: labelsOf(chart, "StatefulSet"), ports: [5432, 5433] },
      { namespace: parse, name: "job", labels: { "app.kubernetes.io/instance": instance }, ports: [1337] },
      { namespace: monitoring, name: "prometheus", labels: {}, ports: [9090] },
      {
        namespace: monitoring,
        name: "prober",
        labels: { "app.kubernetes.io/name": "blackbox-exporter" },
        ports: [9115, 9116],
      },
      { namespace: velero, name: "backups", labels: {}, ports: [8085, 8086] },
      {
        namespace: velero,
        name: "store",
        labels: { component: "object-store", "app.kubernetes.io/instance": "store-inside" },
        ports: [9000, 9001],
      },
      { namespace: elsewhere, name: "outsider", labels: {}, ports: [443, 1337, 8080] },
    ]);
    await pods.create();
  });
  after(() => pods.remove());

  it("are all known here", () => {
    const made = policies.map((policy) => {
      const { namespace, name } = (policy as Manifest).metadata as { namespace?: string; name: string };
      return `${namespace}/${name}`;
    });
    assert.deepEqual(made.sort(), Object.keys(connections).sort());
  });

  it("are not what lets through: without them every connection comes about", async () => {
    const open = all.map(([from, to, port]): Connection => [from, to, port, "open"]);
    assert.deepEqual(await pods.tried(open), open);
  });

  it("let through what they say, and nothing else", async () => {
    await kubectlWith({ apiVersion: "v1", kind: "List", items: policies }, "create");
    const last = all.filter(([, , , outcome]) => outcome === "closed");
    await until("the policies' force", async () =>
      (await pods.tried(last)).every(([, , , outcome]) => outcome === "closed"),
    );
    assert.deepEqual(await pods.tried(all), all);
  });
});
