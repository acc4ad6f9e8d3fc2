import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { parse } from "yaml";
import type { MonitoringArgs } from "../../../components/monitoring/args";
import { Monitoring } from "../../../components/monitoring/monitoring";
import { credentials, minimal } from "../../support/monitoring/sample-monitoring";
import { isSecret, type Registration, type Run, runProgram } from "../../support/pulumi-mocks";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const APP = "rancher2:index/appV2:AppV2";
const SECRET = "kubernetes:core/v1:Secret";
const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const OBJECTS = /^kubernetes:monitoring\.coreos\.com\/v1:/;

const underRancher: Partial<MonitoringArgs> = {
  namespace: "cattle-monitoring-system",
  source: { kind: "rancher", clusterId: "c-1", projectId: "c-1:p-system", version: "109.0.0+up80.9.1-rancher.5" },
};

function deploy(args: Partial<MonitoringArgs> = {}): Promise<Run<Monitoring>> {
  return runProgram(() => {
    const providers = {
      kubernetes: new kubernetes.Provider("cluster", { kubeconfig: "{}" }),
      rancher2: new rancher2.Provider("rancher", { apiUrl: "https://rancher.example.com", tokenKey: "t" }),
    };
    return new Monitoring("monitoring", { ...minimal, ...args }, { providers });
  });
}

/** What the tests look at of the chart's values. */
interface Values {
  "kube-state-metrics"?: { rbac?: { extraRules?: { resources: string[] }[] } };
}

const objects = (run: Run<unknown>) => run.registrations.filter(({ type }) => OBJECTS.test(type));
const nameOf = ({ inputs }: Registration) => (inputs.metadata as { name: string }).name;
const secretNamed = (run: Run<unknown>, name: string) => {
  const secret = run.all(SECRET).find((candidate) => nameOf(candidate) === name);
  assert.ok(secret, `no Secret is called ${name}`);
  const data = secret.inputs.data as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
};

describe("Monitoring", () => {
  it("sees to stored versions before one of the operator's kinds is made or changed", async () => {
    const api = async () => ({ get: async () => ({}), patch: async () => ({}), delete: async () => {} });
    const run = await deploy({ api });
    assert.deepEqual([...run.one(DEFINITION).hooks].sort(), [
      "monitoring-definitions-acme-before-create",
      "monitoring-definitions-acme-before-update",
    ]);
  });

  it("is Helm's release of the stack's chart where there is no Rancher, its definitions first", async () => {
    const run = await deploy();
    const { inputs } = run.one(RELEASE);
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.namespace],
      ["kube-prometheus-stack", "80.9.1", "monitoring"],
    );
    assert.deepEqual(run.all(APP), []);
    const definition = run.one(DEFINITION);
    assert.ok(run.one("onprem:monitoring:MonitoringChart").dependencies.includes(definition.urn));
    assert.equal(definition.retainOnDelete, true);
  });

  it("is Rancher's app where there is one, which brings its definitions along", async () => {
    const run = await deploy(underRancher);
    const { inputs } = run.one(APP);
    assert.deepEqual(
      [inputs.name, inputs.namespace, inputs.chartName, inputs.chartVersion, inputs.repoName, inputs.projectId],
      [
        "rancher-monitoring",
        "cattle-monitoring-system",
        "rancher-monitoring",
        "109.0.0+up80.9.1-rancher.5",
        "rancher-charts",
        "c-1:p-system",
      ],
    );
    assert.deepEqual([run.all(RELEASE), run.all(DEFINITION)], [[], []]);
  });

  it("has the same rules, probes and receivers with and without Rancher", async () => {
    const [without, with_] = [await deploy(), await deploy(underRancher)];
    const told = (run: Run<unknown>) => secretNamed(run, "alertmanager-configuration")["alertmanager.yaml"];
    assert.equal(told(without), told(with_));
    const place = (text: string) => text.replaceAll("cattle-monitoring-system", "monitoring");
    const seen = (run: Run<unknown>) => objects(run).map(({ inputs, name }) => place(JSON.stringify([name, inputs])));
    assert.deepEqual(seen(without), seen(with_));
    assert.ok(objects(without).length > 10);
    const settings = (values: Record<string, Record<string, unknown>>) => [values.prometheus, values.alertmanager];
    const release = without.one(RELEASE).inputs.values as Record<string, Record<string, unknown>>;
    assert.deepEqual(settings(parse(place(String(with_.one(APP).inputs.values)))), settings(release));
  });

  it("looks at Flux's images where Flux does, and at no kind that is not there", async () => {
    const kinds = async (gitops: MonitoringArgs["watched"]["gitops"]) => {
      const { inputs } = (await deploy({ watched: { ...minimal.watched, gitops } })).one(RELEASE);
      const { extraRules = [] } = (inputs.values as Values)["kube-state-metrics"]?.rbac ?? {};
      return extraRules.flatMap(({ resources }) => resources);
    };
    const applied = ["kustomizations", "gitrepositories"];
    assert.deepEqual(await kinds({ namespace: "flux-system", imageAutomation: false }), applied);
    assert.deepEqual(await kinds({ namespace: "flux-system", imageAutomation: true }), [
      ...applied,
      ...["imagerepositories", "imagepolicies", "imageupdateautomations"],
    ]);
  });

  it("makes rules and probes after the chart, whose kinds they are, and takes them away before it", async () => {
    const run = await deploy();
    const chart = run.one("onprem:monitoring:MonitoringChart");
    const release = run.one(RELEASE);
    for (const object of objects(run)) {
      assert.ok(object.dependencies.includes(release.urn) || object.dependencies.includes(chart.urn), object.name);
    }
  });

  it("keeps every credential in Secrets, as files, and out of the chart's values", async () => {
    const run = await deploy();
    const held = Object.values(secretNamed(run, "alertmanager-credentials"));
    assert.deepEqual(held.sort(), [...credentials].sort());
    const others = run.registrations.filter(({ type }) => type !== SECRET).map(({ inputs }) => JSON.stringify(inputs));
    for (const secret of credentials)
      assert.ok(
        others.every((text) => !text.includes(secret)),
        secret,
      );
    const values = run.one(RELEASE).inputs.values as { alertmanager: { alertmanagerSpec: object } };
    assert.deepEqual(Reflect.get(values.alertmanager.alertmanagerSpec, "secrets"), ["alertmanager-credentials"]);
  });

  it("generates Grafana's password, which the chart knows by the name of its Secret", async () => {
    const run = await deploy();
    assert.ok(run.result.grafanaPassword && (await isSecret(run.result.grafanaPassword)));
    const { grafana } = run.one(RELEASE).inputs.values as { grafana: { admin: object } };
    assert.deepEqual(grafana.admin, {
      existingSecret: "grafana-administrator",
      userKey: "user",
      passwordKey: "password",
    });
    const without = await deploy({ grafana: { enabled: false, host: undefined, secretGeneration: 1 } });
    assert.equal(without.result.grafanaPassword, undefined);
  });

  it("hands Grafana its dashboards where it looks for them", async () => {
    const found = (run: Run<unknown>) =>
      run
        .all("kubernetes:core/v1:ConfigMap")
        .map(({ inputs }) => inputs.metadata as { namespace: string; labels: Record<string, string> })
        .filter(({ labels }) => labels.grafana_dashboard === "1")
        .map(({ namespace }) => namespace);
    assert.deepEqual(found(await deploy()), Array(5).fill("monitoring"));
    assert.deepEqual(found(await deploy(underRancher)), Array(5).fill("cattle-dashboards"));
    assert.deepEqual(found(await deploy({ grafana: { enabled: false, host: undefined, secretGeneration: 1 } })), []);
  });

  it("warns at every run where there is no receiver", async () => {
    const said: string[] = [];
    const { warn } = pulumi.log;
    Reflect.set(pulumi.log, "warn", (text: string) => Promise.resolve(void said.push(text)));
    try {
      await deploy({ receivers: [] });
      assert.match(said.join("\n"), /onprem:monitoring\.receivers is empty: no one is notified of alerts/);
      said.length = 0;
      await deploy();
      assert.deepEqual(said, []);
    } finally {
      Reflect.set(pulumi.log, "warn", warn);
    }
  });

  it("watches each namespace of the platform", async () => {
    const run = await deploy();
    const watched = run
      .all("kubernetes:monitoring.coreos.com/v1:PodMonitor")
      .flatMap(
        ({ inputs }) => (inputs.spec as { namespaceSelector: { matchNames: string[] } }).namespaceSelector.matchNames,
      );
    assert.deepEqual(watched.sort(), ["flux-system", "monitoring", "parse", "velero"]);
  });

  it("lets only the monitoring's own pods in, and Rancher where it shows the pages", async () => {
    const policies = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    const ingress = (run: Run<unknown>) =>
      (
        run.one(policies, "network-policy-monitoring").inputs.spec as {
          ingress: { from?: object[]; ports?: object[] }[];
        }
      ).ingress;
    assert.deepEqual(ingress(await deploy()), [{ from: [{ podSelector: {} }] }]);
    assert.equal(ingress(await deploy(underRancher)).length, 2);
  });
});
