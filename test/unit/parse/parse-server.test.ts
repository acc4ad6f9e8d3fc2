import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ParseServerArgs } from "../../../components/parse/args";
import { ParseServer } from "../../../components/parse/parse-server";
import { dashboard, database, ingress, minimal } from "../../support/parse/sample-settings";
import { isSecret, outputValue, type Registration, type Run, runProgram } from "../../support/pulumi-mocks";

const SECRET = "kubernetes:core/v1:Secret";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const EXTERNAL_URI = "mongodb://someone:something@db.example.com/parse";

function deploy(args: Partial<ParseServerArgs> = {}): Promise<Run<ParseServer>> {
  return runProgram(() => {
    const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
    return new ParseServer("parse", { ...minimal, ...args }, { provider });
  });
}

function secretName(secret: Registration): string {
  return (secret.inputs.metadata as { name: string }).name;
}

function secretNamesOf(run: Run<unknown>): string[] {
  return run.all(SECRET).map(secretName).sort();
}

/** Every value that must not be readable anywhere but in Secrets. */
function secretValues(run: Run<unknown>): string[] {
  const values = run.all(SECRET).flatMap((secret) => Object.values(secret.inputs.data as Record<string, string>));
  return values.flatMap((encoded) => [encoded, Buffer.from(encoded, "base64").toString("utf8")]);
}

describe("ParseServer", () => {
  describe("tree", () => {
    it("puts every resource under the component and every Kubernetes resource on the given provider", async () => {
      const run = await deploy();
      const component = run.one("onprem:parse:ParseServer");
      const secrets = run.one("onprem:parse:ParseSecrets");
      assert.equal(secrets.parent, component.urn);
      const children = run.registrations.filter(
        (registration) => registration.custom && registration.name !== "cluster",
      );
      assert.ok(children.length > 10);
      for (const child of children) {
        assert.ok([component.urn, secrets.urn].includes(child.parent), `${child.name} has parent ${child.parent}`);
        if (child.type.startsWith("kubernetes:")) assert.match(child.provider, /::cluster::cluster-id$/, child.name);
      }
    });

    it("makes a namespace that enforces the restricted Pod Security Standard and names the customer", async () => {
      const { labels, name } = (await deploy()).one(NAMESPACE).inputs.metadata as {
        labels: Record<string, string>;
        name: string;
      };
      assert.equal(name, "parse");
      assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
      assert.equal(labels["onprem.platform/customer"], "acme");
    });

    it("installs the chart atomically, waiting, with a history that does not grow for ever", async () => {
      const { inputs } = (await deploy({ timeoutSeconds: 120 })).one(RELEASE);
      assert.equal(inputs.atomic, true);
      assert.equal(inputs.cleanupOnFail, true);
      assert.equal(inputs.skipAwait, undefined);
      assert.equal(inputs.timeout, 120);
      assert.equal(inputs.maxHistory, 10);
      assert.match(String(inputs.chart), /^\.\.?\/(.*\/)?charts\/parse-server$/, "relative, so that state is portable");
    });

    it("guards the release with hooks, which reach for the cluster only when one runs", async () => {
      const api = () => Promise.reject(new Error("asked for"));
      assert.deepEqual((await deploy({ api })).one(RELEASE).hooks, [
        "parse-acme-before-create",
        "parse-acme-after-create",
        "parse-acme-before-update",
        "parse-acme-after-update",
      ]);
    });

    it("protects what holds or opens the data when asked, and nothing else", async () => {
      assert.deepEqual(
        (await deploy()).registrations.filter((registration) => registration.protect),
        [],
      );
      const run = await deploy({ protectData: true });
      assert.deepEqual(
        run.registrations
          .filter((registration) => registration.protect)
          .map((registration) => registration.name)
          .sort(),
        ["application-id", "database-key-file", "database-password", "database-root-password", "namespace"],
      );
    });
  });

  describe("secrets", () => {
    const everything: Partial<ParseServerArgs> = {
      clientKeys: ["javascript", "rest", "dotNet", "client"],
      dashboard: dashboard({ enabled: true }),
      imagePullCredentials: pulumi.secret('{"auths":{}}'),
    };

    it("gives each secret a Secret of its own, immutable, with one key", async () => {
      const run = await deploy(everything);
      assert.deepEqual(
        secretNamesOf(run).map((name) => name.replace(/[0-9a-f]{10}$/, "FINGERPRINT")),
        [
          "parse-application-id",
          "parse-client-key-1",
          "parse-dashboard-password-1",
          "parse-database-key-file",
          "parse-database-password",
          "parse-database-root-password",
          "parse-dotnet-key-1",
          "parse-image-pull-FINGERPRINT",
          "parse-javascript-key-1",
          "parse-master-key-1",
          "parse-rest-key-1",
        ],
      );
      for (const secret of run.all(SECRET)) {
        assert.equal(secret.inputs.immutable, true);
        assert.equal(Object.keys(secret.inputs.data as object).length, 1, secret.name);
      }
    });

    it("marks the content of every Secret as secret, inputs and outputs", async () => {
      for (const secret of (await deploy(everything)).all(SECRET)) {
        assert.deepEqual(secret.secretInputs, ["data"], secret.name);
        assert.ok(secret.additionalSecretOutputs.includes("data"), secret.name);
      }
    });

    it("leaves no secret, plain or base64, in the release or in any resource but Secrets", async () => {
      for (const said of [{ kind: "mongodb" }, { kind: "external", engine: "mongodb", uri: EXTERNAL_URI }] as const) {
        const run = await deploy({ ...everything, database: database(said) });
        const others = run.registrations.filter((registration) => registration.type !== SECRET);
        const text = JSON.stringify(others.map((registration) => registration.inputs));
        const values = secretValues(run);
        assert.ok(values.length > 10);
        for (const value of values) assert.ok(!text.includes(value), `found ${value.slice(0, 12)}…`);
        assert.deepEqual(run.one(RELEASE).secretInputs, [], "values hold no secret, so they stay readable in previews");
      }
    });

    it("hands out the keys as secret outputs", async () => {
      const { result } = await deploy(everything);
      for (const output of [result.applicationId, result.masterKey, result.clientKeys, result.dashboardPassword]) {
        assert.ok(output && (await isSecret(output)));
      }
      assert.equal(await isSecret(result.internalUrl), false);
      assert.equal((await outputValue(result.masterKey)).length, 48);
    });

    it("rotates keys with the generation and keeps what clients and databases know", async () => {
      const [before, after] = [await deploy(everything), await deploy({ ...everything, secretGeneration: 2 })];
      const changed = secretNamesOf(after).filter((name) => !secretNamesOf(before).includes(name));
      assert.deepEqual(
        changed.map((name) => name.replace(/-[0-9a-f]{10}$/, "")),
        [
          "parse-client-key-2",
          "parse-dashboard-password-2",
          "parse-dotnet-key-2",
          "parse-image-pull",
          "parse-javascript-key-2",
          "parse-master-key-2",
          "parse-rest-key-2",
        ],
      );
      const keepers = (run: Run<unknown>, name: string) => run.one(PASSWORD, name).inputs.keepers;
      assert.deepEqual(keepers(after, "master-key"), { generation: "2" });
      for (const name of ["application-id", "database-password", "database-root-password", "database-key-file"]) {
        assert.equal(keepers(after, name), undefined, name);
      }
    });

    it("names an external database's Secret after its content without giving the content away", async () => {
      const external = (uri: string) => deploy({ database: database({ kind: "external", engine: "mongodb", uri }) });
      const name = async (uri: string) => secretName((await external(uri)).one(SECRET, "database-uri"));
      const [first, again, other] = [
        await name(EXTERNAL_URI),
        await name(EXTERNAL_URI),
        await name(`${EXTERNAL_URI}2`),
      ];
      assert.match(first, /^parse-database-uri-[0-9a-f]{10}$/);
      assert.equal(first, again);
      assert.notEqual(first, other);
    });
  });

  describe("database kinds", () => {
    it("makes one password for PostgreSQL, and none for an external database", async () => {
      const passwords = async (args: Partial<ParseServerArgs>) =>
        (await deploy(args))
          .all(PASSWORD)
          .map(({ name }) => name)
          .sort();
      assert.deepEqual(await passwords({ database: database({ kind: "postgresql" }) }), [
        "application-id",
        "database-password",
        "master-key",
      ]);
      assert.deepEqual(
        await passwords({ database: database({ kind: "external", engine: "postgresql", uri: "postgres://x/parse" }) }),
        ["application-id", "master-key"],
      );
    });
  });

  it("tells where it can be called", async () => {
    const { result } = await deploy({
      namespace: "app",
      ingress: ingress("api.example.com", { secretName: "api-tls" }),
    });
    assert.equal(await outputValue(result.internalUrl), "http://parse-server.app.svc.cluster.local:1337/parse");
    assert.equal(await outputValue(result.publicUrl), "https://api.example.com/parse");
    assert.equal(await outputValue(result.serviceName), "parse-server");
    assert.equal(await outputValue(result.namespace), "app");
  });
});
