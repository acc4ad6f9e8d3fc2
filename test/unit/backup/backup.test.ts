import assert from "node:assert/strict";
import { requireFirst } from "../../../components/backup/repository-password";
import { isSecret, outputValue } from "../../support/pulumi-mocks";
import { api, bucket, decoded, deploy, inside, minimal, nameOf, outside, spec } from "./sample-backup";

const SECRET = "kubernetes:core/v1:Secret";
const SCHEDULE = "kubernetes:velero.io/v1:Schedule";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const JOB = "kubernetes:batch/v1:Job";
const PASSWORD = "random:index/randomPassword:RandomPassword";

describe("Backup", () => {
  describe("the repositories' password", () => {
    it("is made in the stack, secret, and is where Velero looks for it before it starts", async () => {
      const run = await deploy();
      const password = await outputValue(run.result.repositoryPassword);
      assert.match(password, /^[A-Za-z0-9]{48}$/);
      assert.equal(await isSecret(run.result.repositoryPassword), true);
      const secret = run.one(SECRET, "repository");
      assert.equal(nameOf(secret), "velero-repo-credentials");
      assert.deepEqual(decoded(secret), { "repository-password": password });
      assert.ok(run.one("onprem:backup:Velero").dependencies.includes(secret.urn));
    });

    it("is the one from escrow where it is given, and none is made", async () => {
      const run = await deploy({ repositoryPassword: "from-escrow" });
      assert.equal(await outputValue(run.result.repositoryPassword), "from-escrow");
      assert.equal(await isSecret(run.result.repositoryPassword), true);
      assert.deepEqual(
        run.all(PASSWORD).filter(({ name }) => name === "repository-password"),
        [],
      );
    });
  });

  describe("the repositories' password of a stack that ran before", () => {
    it("is not made again where it was taken out, neither in a preview", async () => {
      const made = (await deploy()).one(PASSWORD, "repository-password");
      assert.deepEqual(made.hooks, ["backup-acme-repository-password-before-create"]);
      assert.doesNotThrow(() => requireFirst(undefined));
      assert.throws(
        () => requireFirst("the-last-one"),
        (error: Error) => {
          assert.match(
            error.message,
            /^onprem:backup\.repositoryPassword was taken out, .* Put it back: pulumi config set --secret/,
          );
          assert.ok(!error.message.includes("the-last-one"));
          return true;
        },
      );
    });

    it("is protected with its Secret as long as a store in the cluster is", async () => {
      for (const deletionProtection of [true, false]) {
        const run = await deploy({ locations: [inside({ deletionProtection })] });
        assert.equal(run.one(PASSWORD, "repository-password").protect, deletionProtection);
        assert.equal(run.one(SECRET, "repository").protect, deletionProtection);
      }
    });
  });

  it("sees to stored versions before one of Velero's kinds is made or changed", async () => {
    const { hooks } = (await deploy({ api })).one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition");
    assert.deepEqual([...hooks].sort(), [
      "velero-definitions-acme-before-create",
      "velero-definitions-acme-before-update",
    ]);
  });

  it("takes up every object that a killed run made and did not get to record", async () => {
    const { registrations } = await deploy({ locations: [inside({ default: true }), outside(), bucket] });
    const objects = registrations.filter(({ inputs }) => inputs.metadata !== undefined);
    assert.ok(objects.length > 20, `${objects.length} objects`);
    const refusing = objects.filter(({ inputs }) => {
      const { annotations = {} } = inputs.metadata as { annotations?: Record<string, string> };
      return annotations["pulumi.com/patchForce"] !== "true";
    });
    assert.deepEqual(
      refusing.map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });

  it("has a namespace that lets the pods in that read volumes on the node", async () => {
    const { labels } = (await deploy()).one(NAMESPACE).inputs.metadata as { labels: Record<string, string> };
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
    assert.equal(labels["onprem.platform/customer"], "acme");
  });

  it("leaves Velero's definitions in the cluster when it goes", async () => {
    const definition = (await deploy()).one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition");
    assert.equal(definition.retainOnDelete, true);
    assert.equal(nameOf(definition), "backups.velero.io");
    assert.deepEqual(definition.inputs.spec, {
      group: "velero.io",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } },
        },
      ],
    });
  });

  it("labels the cluster's certificate, which a restore would find in its way, to be left out", async () => {
    const patch = (await deploy()).one("kubernetes:core/v1:ConfigMapPatch").inputs.metadata as Record<string, unknown>;
    assert.equal(patch.name, "kube-root-ca.crt");
    assert.equal(patch.namespace, "parse");
    assert.deepEqual(patch.labels, { "velero.io/exclude-from-backup": "true" });
  });

  it("backs up the application's namespace to the default location, unless a schedule names others", async () => {
    const schedules = [
      ...minimal.schedules,
      { name: "weekly", cron: "45 3 * * 0", retention: "4320h", location: "outside", namespaces: ["apps"] },
    ];
    const run = await deploy({ locations: [inside(), outside()], schedules });
    const template = (name: string) => spec(run.one(SCHEDULE, `schedule-${name}`)).template as Record<string, unknown>;
    assert.deepEqual(template("daily").includedNamespaces, ["parse"]);
    assert.equal(template("daily").storageLocation, "inside");
    assert.deepEqual(template("weekly").includedNamespaces, ["apps"]);
    assert.equal(template("weekly").storageLocation, "outside");
    assert.equal(template("weekly").ttl, "4320h");
    assert.deepEqual(run.result.schedules, ["daily", "weekly"]);
  });

  it("gives every pod the credentials of the image registry", async () => {
    const run = await deploy({ locations: [inside(), outside()], imagePullCredentials: '{"auths":{}}' });
    const workloads = ["Deployment", "DaemonSet", "StatefulSet"].map((kind) => run.one(`kubernetes:apps/v1:${kind}`));
    for (const workload of [...workloads, run.one(JOB)]) {
      const { template } = spec(workload) as { template: { spec: { imagePullSecrets: unknown } } };
      assert.deepEqual(template.spec.imagePullSecrets, [{ name: "image-pull" }], workload.name);
    }
  });

  it("lets nothing of the server's account grant more than it has or act as somebody else", async () => {
    const rules = (await deploy()).one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "server-cluster-role")
      .inputs.rules as { verbs: string[] }[];
    const verbs = rules.flatMap((rule) => rule.verbs);
    assert.ok(verbs.includes("create"));
    for (const verb of ["*", "escalate", "bind", "impersonate"]) assert.ok(!verbs.includes(verb), verb);
  });
});
