import assert from "node:assert/strict";
import { type Manifest, one, render, renderValues } from "../support/chart/render";
import { type SettingsName, settings } from "../support/chart/settings";

function deployment(name: SettingsName): Manifest {
  return one(render(name), "Deployment", "parse-server");
}

function container(name: SettingsName): Manifest {
  return deployment(name).spec.template.spec.containers[0];
}

function serverSettings(name: SettingsName) {
  return JSON.parse(one(render(name), "ConfigMap", "parse-server-config").data["settings.json"]);
}

describe("Parse Server's Deployment", () => {
  it("never has fewer pods than asked for during an update", () => {
    const { spec } = deployment("default");
    assert.equal(spec.replicas, 2);
    assert.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  });

  it("leaves the number of pods to the autoscaler where there is one", () => {
    assert.ok(!("replicas" in deployment("full").spec));
    const { spec } = one(render("full"), "HorizontalPodAutoscaler");
    assert.equal(spec.minReplicas, 2);
    assert.equal(spec.maxReplicas, 8);
    assert.equal(spec.scaleTargetRef.name, "parse-server");
    assert.equal(render("default").filter((manifest) => manifest.kind === "HorizontalPodAutoscaler").length, 0);
  });

  it("asks the process whether it lives and the database whether it is ready", () => {
    const { startupProbe, livenessProbe, readinessProbe } = container("default");
    assert.equal(startupProbe.httpGet.path, "/parse/health");
    assert.ok(startupProbe.periodSeconds * startupProbe.failureThreshold >= 60, "longer than the server's own 31 s");
    assert.equal(livenessProbe.httpGet.path, "/parse/health");
    assert.equal(readinessProbe.httpGet.path, "/ready");
    const { readinessTimeoutMilliseconds } = serverSettings("default").lifecycle;
    assert.ok(
      readinessProbe.timeoutSeconds * 1000 > readinessTimeoutMilliseconds,
      "the answer comes before the probe gives up",
    );
  });

  it("drains before SIGTERM and has time for it", () => {
    for (const [name, seconds] of [
      ["default", 15],
      ["full", 30],
    ] as const) {
      const pod = deployment(name).spec.template.spec;
      assert.deepEqual(pod.containers[0].lifecycle.preStop.exec.command, [
        "node",
        "/parse-config/drain.js",
        String(seconds),
      ]);
      const { closeIdleAfterMilliseconds, longestHoldMilliseconds } = serverSettings(name).lifecycle;
      assert.ok(closeIdleAfterMilliseconds < seconds * 1000);
      assert.ok(pod.terminationGracePeriodSeconds >= seconds + longestHoldMilliseconds / 1000 + 10);
    }
  });

  it("spreads over nodes and zones, judging each version by itself", () => {
    const constraints = deployment("default").spec.template.spec.topologySpreadConstraints;
    assert.deepEqual(
      constraints.map((constraint: Manifest) => constraint.topologyKey),
      ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
    );
    for (const constraint of constraints) assert.deepEqual(constraint.matchLabelKeys, ["pod-template-hash"]);
  });

  it("may lose one pod at a time to maintenance", () => {
    const budget = one(render("default"), "PodDisruptionBudget", "parse-server");
    assert.equal(budget.spec.maxUnavailable, 1);
  });

  it("rolls for a changed setting and for a new generation of secrets, and for nothing else of the chart", () => {
    const annotations = (values: object) =>
      one(renderValues({ ...settings.default, ...values }), "Deployment", "parse-server").spec.template.metadata
        .annotations;
    const base = annotations({});
    assert.notDeepEqual(annotations({ server: { ...settings.default.server, logLevel: "debug" } }), base);
    assert.notDeepEqual(annotations({ secretGeneration: 2 }), base);
    assert.deepEqual(annotations({ chartChecksum: "ffff" }), base);
    assert.deepEqual(annotations({ server: { ...settings.default.server, replicas: 7 } }), base);
  });
});

describe("Parse Server's settings", () => {
  it("accept the master key from the pod itself and the ranges given, each once", () => {
    assert.deepEqual(serverSettings("default").server.masterKeyIps, ["127.0.0.1", "::1"]);
    assert.deepEqual(serverSettings("full").server.masterKeyIps, ["127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8"]);
  });

  it("believe as many proxies as there are, and none by default", () => {
    assert.equal("trustProxy" in serverSettings("default").server, false);
    assert.equal(serverSettings("full").server.trustProxy, 1);
  });

  it("keep whole numbers whole", () => assert.equal(serverSettings("default").server.sessionLength, 31536000));

  it("keep the schema fresh on every replica", () => {
    for (const name of Object.keys(settings) as SettingsName[]) {
      const { options } = serverSettings(name).database;
      assert.deepEqual(options, { enableSchemaHooks: true, schemaCacheTtl: 5000 }, name);
    }
  });

  it("log to standard output only: the root file system is read-only", () => {
    assert.equal(serverSettings("default").server.logsFolder, null);
  });

  it("name all members and the replica set for MongoDB", () => {
    const { hosts, parameters } = serverSettings("full").database;
    assert.equal(hosts.length, 5);
    assert.equal(hosts[4], "parse-server-mongodb-4.parse-server-mongodb.parse.svc.cluster.local:27017");
    assert.equal(parameters.replicaSet, "parse");
  });

  it("trust the customer's CA for an external database", () => {
    assert.equal(serverSettings("externalPostgresql").database.parameters.ca, "/parse-secrets/databaseCa/value");
    assert.equal(serverSettings("externalMongodb").database.parameters.tlsCAFile, "/parse-secrets/databaseCa/value");
  });

  it("read a mounted file for every secret they name", () => {
    for (const name of Object.keys(settings) as SettingsName[]) {
      const mounts = container(name).volumeMounts.map((mount: { mountPath: string }) => mount.mountPath);
      for (const option of serverSettings(name).secretOptions)
        assert.ok(mounts.includes(`/parse-secrets/${option}`), option);
      const ofDatabase = serverSettings(name).database.kind === "external" ? "databaseUri" : "databasePassword";
      assert.ok(mounts.includes(`/parse-secrets/${ofDatabase}`));
    }
  });
});

describe("ways in and out", () => {
  it("is a cluster-internal Service, and an HTTPS ingress to the API's path alone when asked", () => {
    assert.equal(one(render("default"), "Service", "parse-server").spec.type, "ClusterIP");
    assert.equal(render("default").filter((manifest) => manifest.kind === "Ingress").length, 0);
    const ingress = one(render("full"), "Ingress");
    assert.deepEqual(ingress.spec.tls, [{ hosts: ["api.example.com"], secretName: "parse-server-tls" }]);
    assert.deepEqual(
      ingress.spec.rules[0].http.paths.map((path: Manifest) => path.path),
      ["/parse"],
    );
    assert.equal(ingress.metadata.annotations?.["cert-manager.io/cluster-issuer"], "letsencrypt");
  });

  it("lets the database be called by Parse Server and its own members only", () => {
    const peers = (name: SettingsName, policy: string) => {
      const { spec } = one(render(name), "NetworkPolicy", policy);
      return spec.ingress[0].from.map((peer: Manifest) => peer.podSelector.matchLabels["app.kubernetes.io/component"]);
    };
    assert.deepEqual(peers("lab", "parse-server-postgresql"), ["server"]);
    assert.deepEqual(peers("full", "parse-server-mongodb"), ["server", "database"]);
  });

  it("lets Parse Server reach an external database where the customer says it is", () => {
    const { spec } = one(render("externalPostgresql"), "NetworkPolicy", "parse-server-server");
    assert.deepEqual(spec.egress[1], {
      to: [{ ipBlock: { cidr: "192.0.2.10/32" } }],
      ports: [{ port: 6432, protocol: "TCP" }],
    });
  });

  it("gives the dashboard no Service and no ingress", () => {
    const manifests = render("full");
    one(manifests, "Deployment", "parse-server-dashboard");
    assert.deepEqual(
      manifests
        .filter(({ kind }) => kind === "Service")
        .map(({ metadata }) => metadata.name)
        .sort(),
      ["parse-server", "parse-server-mongodb"],
    );
    assert.equal(one(manifests, "Ingress").metadata.name, "parse-server");
  });
});

describe("values.schema.json", () => {
  const refusals: Array<[string, object, RegExp]> = [
    ["an unknown value", { surprise: 1 }, /surprise/],
    ["an unknown value deep inside", { server: { ...settings.default.server, replica: 3 } }, /replica/],
    ["a number as text", { server: { ...settings.default.server, replicas: "3" } }, /replicas/],
    ["an image without a tag", { server: { ...settings.default.server, image: "parse-server" } }, /image/],
    ["an even number of members", { database: { kind: "mongodb", mongodb: { members: 2 } } }, /members/],
    ["an external database without a Secret", { database: { kind: "external" } }, /uriSecret/],
    ["an ingress without TLS", { ingress: { enabled: true, host: "a.example.com" } }, /tlsSecret/],
    ["the readiness path as mount path", { server: { ...settings.default.server, mountPath: "/ready" } }, /mountPath/],
  ];
  for (const [what, values, message] of refusals) {
    it(`refuses ${what}`, () => assert.throws(() => renderValues({ ...settings.default, ...values }), message));
  }
});
