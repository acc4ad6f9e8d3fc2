import assert from "node:assert/strict";
import fc from "fast-check";
import type { ParseSettings } from "../../../components/parse/args";
import { internalUrl, parseServerValues, publicUrl } from "../../../components/parse/values";
import { database as databaseOf, ingress, minimal } from "../../support/parse/sample-settings";

const names = {
  applicationId: "parse-application-id",
  masterKey: "parse-master-key-1",
  options: {},
  databasePassword: "parse-database-password",
  databaseRootPassword: "parse-database-root-password",
  databaseKeyFile: "parse-database-key-file",
};

function values(settings: Partial<ParseSettings> = {}) {
  return parseServerValues({ ...minimal, ...settings }, names, "0123456789abcdef");
}

const quantity = fc.constantFrom("100m", "250m", "1", "2");
const memory = fc.constantFrom("256Mi", "1Gi", "4Gi");
const resources = fc.record({
  requests: fc.record({ cpu: quantity, memory }),
  limits: fc.record({ cpu: fc.constant(undefined), memory }),
});
const database: fc.Arbitrary<ParseSettings["database"]> = fc.oneof(
  fc
    .record({ members: fc.constantFrom(3, 5, 7), resources })
    .map((said) => ({ ...databaseOf({ kind: "mongodb" }), ...said }) as ParseSettings["database"]),
  fc
    .record({ storageSize: fc.constantFrom("1Gi", "20Gi"), resources })
    .map((said) => ({ ...databaseOf({ kind: "postgresql" }), ...said }) as ParseSettings["database"]),
  fc.record({
    kind: fc.constant("external" as const),
    engine: fc.constantFrom("mongodb" as const, "postgresql" as const),
    uri: fc.constant("postgres://user:sEcReT@host/db"),
    caCertificate: fc.constant(undefined),
    cidrs: fc.constant(["192.0.2.0/24"]),
    ports: fc.constant([5432]),
  }),
);
const changes: fc.Arbitrary<Partial<ParseSettings>> = fc.record(
  {
    replicas: fc.integer({ min: 1, max: 100 }),
    resources,
    trustProxy: fc.integer({ min: 0, max: 10 }),
    options: fc.dictionary(fc.constantFrom("auth", "fileUpload", "passwordPolicy"), fc.jsonValue()),
    database,
    terminationDrainSeconds: fc.integer({ min: 0, max: 300 }),
  },
  { requiredKeys: [] },
);
const settings = changes.map((changed): ParseSettings => ({ ...minimal, ...changed }));

describe("parseServerValues", () => {
  it("is JSON and the same for the same settings, so that a preview after an update is empty", () => {
    fc.assert(
      fc.property(settings, (given) => {
        const once = parseServerValues(given, names, "00");
        assert.deepEqual(
          JSON.parse(JSON.stringify(once)),
          JSON.parse(JSON.stringify(parseServerValues(given, names, "00"))),
        );
      }),
    );
  });

  it("never carries the address of an external database", () => {
    fc.assert(
      fc.property(settings, (given) => !JSON.stringify(parseServerValues(given, names, "00")).includes("sEcReT")),
    );
  });

  it("gives either a fixed number of replicas or the autoscaler's bounds", () => {
    assert.equal(values().server.replicas, 2);
    const autoscaling = { minReplicas: 2, maxReplicas: 6, targetCpuPercent: 70 };
    const scaled = values({ autoscaling }).server;
    assert.deepEqual(scaled.autoscaling, autoscaling);
    assert.equal(scaled.replicas, undefined);
  });

  it("tells the hooks of both databases Velero's time-outs, in seconds and in its own words", () => {
    const copyTimeouts = { hook: "1h30m", copy: "6.5h" };
    const expected = { hook: "1h30m", hookSeconds: 5400, copySeconds: 23_400 };
    for (const kind of ["mongodb", "postgresql"] as const) {
      assert.deepEqual(values({ database: databaseOf({ kind }), copyTimeouts }).database.copyTimeouts, expected, kind);
    }
    assert.equal(values({ copyTimeouts: { hook: "100ms", copy: "4h" } }).database.copyTimeouts?.hookSeconds, 1);
  });

  it("describes only the database that was chosen", () => {
    assert.deepEqual(Object.keys(values().database), ["kind", "passwordSecret", "consistentCopies", "mongodb"]);
    assert.deepEqual(Object.keys(values({ database: databaseOf({ kind: "postgresql" }) }).database), [
      "kind",
      "passwordSecret",
      "consistentCopies",
      "postgresql",
    ]);
    const uri = "postgres://db.example.com/parse";
    const external = values({ database: databaseOf({ kind: "external", engine: "postgresql", uri }) }).database;
    assert.deepEqual(external.external?.ports, [5432]);
  });

  it("asks cert-manager for the certificate where an issuer is named, and takes the customer's Secret otherwise", () => {
    const issued = values({ ingress: ingress("a.example.com", { clusterIssuer: "letsencrypt" }) }).ingress;
    assert.equal(issued.tlsSecret, "parse-server-tls");
    assert.deepEqual(issued.annotations, { "cert-manager.io/cluster-issuer": "letsencrypt" });
    const given = values({ ingress: ingress("a.example.com", { secretName: "own" }) }).ingress;
    assert.equal(given.tlsSecret, "own");
    assert.deepEqual(given.annotations, {});
  });

  it("changes when the chart's content changes, and with nothing else of the chart", () => {
    const { chartChecksum, ...rest } = values();
    const { chartChecksum: other, ...otherRest } = parseServerValues(minimal, names, "fedcba9876543210");
    assert.notEqual(chartChecksum, other);
    assert.deepEqual(rest, otherRest);
  });
});

describe("addresses", () => {
  it("follow namespace and mount path inside the cluster", () => {
    assert.equal(internalUrl(minimal), "http://parse-server.parse.svc.cluster.local:1337/parse");
    assert.equal(
      internalUrl({ namespace: "app", mountPath: "/1" }),
      "http://parse-server.app.svc.cluster.local:1337/1",
    );
  });

  it("prefer the given public address over the ingress, and are absent without either", () => {
    const open = { ...minimal, ingress: { host: "a.example.com" } };
    assert.equal(publicUrl(open), "https://a.example.com/parse");
    assert.equal(publicUrl({ ...open, publicUrl: "https://b.example.com/api" }), "https://b.example.com/api");
    assert.equal(publicUrl(minimal), undefined);
  });
});
