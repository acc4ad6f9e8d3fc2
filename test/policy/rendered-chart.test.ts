import assert from "node:assert/strict";
import type { ParseSettings } from "../../components/parse/args";
import { type ParseSecretNames, parseServerValues } from "../../components/parse/values";
import { image, images } from "../../components/releases/releases";
import type { Properties, ResourceFacts } from "../../policy/definition";
import { evaluateResource, evaluateStack } from "../../policy/evaluate";
import { manifestsOf, RELEASE_TYPE } from "../../policy/manifests";
import { policies } from "../../policy/policies";
import { ownChart } from "../../policy/rendered-chart";
import { type PolicyRunSettings, STRICTEST } from "../../policy/run-settings";
import { UNKNOWN_TEXT } from "../../policy/unknowns";
import { dashboard, database, ingress, minimal } from "../support/parse/sample-settings";
import { asSeen, resource } from "../support/policy/policy-case";

const secretNames: ParseSecretNames = {
  applicationId: "parse-application-id",
  masterKey: "parse-master-key-1",
  options: { restAPIKey: "parse-rest-key-1" },
  databasePassword: "parse-database-password",
  databaseRootPassword: "parse-database-root-password",
  databaseKeyFile: "parse-database-key-file",
  dashboardPassword: "parse-dashboard-password-1",
};

const settings: PolicyRunSettings = { ...STRICTEST, customer: "acme", imageMirror: "registry.example.com" };

function release(more: Partial<ParseSettings> = {}, change: (values: Properties) => void = () => {}): ResourceFacts {
  const values = JSON.parse(
    JSON.stringify(parseServerValues({ ...minimal, ...more }, secretNames, "0123456789abcdef")),
  );
  change(values);
  const props = { name: "parse-server", namespace: "parse", chart: "../charts/parse-server", values };
  return resource(RELEASE_TYPE, props, { name: "release" });
}

/** What every policy says of a release, as `policy: object: property`. */
function findings(given: ResourceFacts): string[] {
  const [seen] = asSeen([given]) as [ResourceFacts];
  return policies
    .filter(({ name }) => !["backup-scheduled", "alert-receiver", "monitoring-covers-components"].includes(name))
    .flatMap((policy) => {
      const { violations, undecided } =
        policy.looksAt === "stack" ? evaluateStack(policy, [seen], settings) : evaluateResource(policy, seen, settings);
      assert.equal(undecided, undefined, policy.name);
      return violations.map(({ object, property }) => `${policy.name}: ${object}: ${property}`);
    });
}

const everything: Partial<ParseSettings> = {
  autoscaling: { minReplicas: 2, maxReplicas: 6, targetCpuPercent: 70 },
  clientKeys: ["rest"],
  dashboard: dashboard({ enabled: true }),
  ingress: ingress("parse.acme.example.com", { clusterIssuer: "letsencrypt" }),
};

describe("policies on this project's chart, rendered by the real Helm", () => {
  for (const [name, more] of Object.entries({
    "the defaults": {},
    "everything switched on": everything,
    PostgreSQL: { database: database({ kind: "postgresql" }) },
  } satisfies Record<string, Partial<ParseSettings>>)) {
    it(`find nothing with ${name}`, () => assert.deepEqual(findings(release(more)), []));
  }

  const server = "Deployment parse-server";
  const mutations: Record<string, [(values: Properties) => void, string[]]> = {
    "an image whose tag moves": [
      ({ server: values }) => {
        values.image = "registry.example.com/parseplatform/parse-server:latest";
      },
      [
        `images-pinned: ${server}: spec.template.spec.initContainers[0].image`,
        `images-pinned: ${server}: spec.template.spec.containers[0].image`,
      ],
    ],
    "an image from elsewhere": [
      ({ database }) => {
        database.mongodb.image = image(images.mongodb, {});
      },
      ["initContainers[0]", "containers[0]", "containers[1]"].map(
        (path) => `images-registry-allowed: StatefulSet parse-server-mongodb: spec.template.spec.${path}.image`,
      ),
    ],
    "one replica": [
      ({ server: values }) => {
        values.replicas = 1;
      },
      ["workloads-redundant: Deployment parse/parse-server: spec.replicas"],
    ],
    "network policies switched off": [
      (values) => {
        values.networkPolicy = { enabled: false };
      },
      [
        "network-default-deny: StatefulSet parse/parse-server-mongodb: spec.template.metadata.labels",
        "network-default-deny: Deployment parse/parse-server: spec.template.metadata.labels",
      ],
    ],
    "a secret among the options": [
      ({ server: values }) => {
        values.options = { push: { android: { apiKey: "AAAAmadeForThisTest" } } };
      },
      [
        'configuration-without-secrets: ConfigMap parse-server-config: data["settings.json"].options.push.android.apiKey',
        "chart-values-without-secrets: undefined: values.server.options.push.android.apiKey",
      ],
    ],
  };
  for (const [name, [change, expected]] of Object.entries(mutations)) {
    it(`find ${name}`, () => assert.deepEqual(findings(release({}, change)).sort(), expected.sort()));
  }

  it("fail, and don't pass, where the chart cannot be rendered", () => {
    const refused = release({}, (values) => {
      values.server.replicas = "many";
    });
    assert.deepEqual(findings(refused), ["charts-rendered: undefined: chart"]);
  });

  it("fail where there is no Helm", () => {
    const before = process.env.ONPREM_HELM;
    process.env.ONPREM_HELM = "/nowhere/helm";
    try {
      const given = release({ customer: "no-helm" } as Partial<ParseSettings>);
      assert.deepEqual(findings(given), ["charts-rendered: undefined: chart"]);
    } finally {
      if (before === undefined) delete process.env.ONPREM_HELM;
      else process.env.ONPREM_HELM = before;
    }
  });

  it("are undecided on what a preview does not know yet, where the chart puts it", () => {
    const unknown = release({}, (values) => {
      values.server.image = UNKNOWN_TEXT;
    });
    const [seen] = asSeen([unknown]) as [ResourceFacts];
    const pinned = policies.find(({ name }) => name === "images-pinned");
    assert.ok(pinned);
    assert.match(String(evaluateResource(pinned, seen, settings).undecided), /can't be known/);
  });

  it("see each object in the release's namespace", () => {
    const namespaces = manifestsOf(release()).map(({ namespace }) => namespace);
    assert.deepEqual([...new Set(namespaces)], ["parse"]);
  });
});

describe("a chart", () => {
  it("is this project's by its folder, wherever the program runs", () => {
    assert.ok(ownChart("./charts/parse-server")?.endsWith("/charts/parse-server"));
    assert.ok(ownChart("../charts/parse-server"));
  });

  it("from elsewhere is judged by its values alone", () => {
    for (const chart of ["kube-prometheus-stack", "mirror/charts/x-1.0.0.tgz", "oci://example.com/charts/parse"]) {
      assert.equal(ownChart(chart), undefined, chart);
    }
  });
});
