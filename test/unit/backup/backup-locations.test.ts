import assert from "node:assert/strict";
import { outputValue, type Run } from "../../support/pulumi-mocks";
import { bucket, decoded, deploy, inside, minimal, nameOf, outside, spec } from "./sample-backup";

const SECRET = "kubernetes:core/v1:Secret";
const LOCATION = "kubernetes:velero.io/v1:BackupStorageLocation";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const JOB = "kubernetes:batch/v1:Job";

/** The credentials that a location is told to use. */
const credentialsOf = (run: Run<unknown>, location: string) => {
  const { credential } = spec(run.one(LOCATION, `location-${location}`)) as { credential: { name: string } };
  const secret = run.all(SECRET).find((candidate) => nameOf(candidate) === credential.name);
  assert.ok(secret, `no Secret is called ${credential.name}`);
  return decoded(secret).cloud;
};

describe("locations of backups", () => {
  it("ends the making of a location when Velero has found its store", async () => {
    const run = await deploy({ locations: [inside(), outside()] });
    for (const { inputs } of run.all(LOCATION)) {
      const { annotations } = inputs.metadata as { annotations: Record<string, string> };
      assert.equal(annotations["pulumi.com/waitFor"], "jsonpath={.status.phase}=Available");
    }
    assert.equal(run.all(LOCATION).length, 2);
  });

  describe("and what proves them", () => {
    const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
    const proofs = (run: Run<unknown>) => run.all(CONFIG_MAP).filter((map) => nameOf(map).startsWith("proven-"));
    const annotations = async (args: Partial<typeof minimal>, name = "proven-outside") => {
      const proof = (await deploy({ locations: [inside(), outside()], ...args })).one(CONFIG_MAP, name);
      return (proof.inputs.metadata as { annotations: Record<string, string> }).annotations;
    };

    it("is seen to before it is written down, after each location and the schedules", async () => {
      const run = await deploy({ locations: [inside(), outside()] });
      const hooks = (name: string) => ["create", "update"].map((what) => `backup-acme-${name}-before-${what}`);
      const names = ["proven-inside", "proven-outside", "proven-schedules"];
      assert.deepEqual(
        proofs(run)
          .map((map) => [nameOf(map), map.hooks.sort()])
          .sort(),
        names.map((name) => [name, hooks(name)]),
      );
      for (const name of ["inside", "outside"]) {
        const location = run.one(LOCATION, `location-${name}`);
        assert.ok(run.one(CONFIG_MAP, `proven-${name}`).dependencies.includes(location.urn), name);
        assert.deepEqual(location.hooks, []);
      }
      const schedule = run.one("kubernetes:velero.io/v1:Schedule");
      assert.ok(run.one(CONFIG_MAP, "proven-schedules").dependencies.includes(schedule.urn));
    });

    it("is done again for other settings, credentials and plugins of a location, and for nothing else", async () => {
      const before = await annotations({});
      assert.equal(before["onprem.platform/plugin"], "velero-plugin-for-aws:v1");
      const other = (change: object) => annotations({ locations: [inside(), outside(change)] });
      assert.notDeepEqual(await other({ bucket: "another" }), before);
      assert.notDeepEqual(await other({ checksumAlgorithm: "" }), before);
      assert.notDeepEqual(await other({ secretAccessKey: "another" }), before);
      const images = { ...minimal.images, pluginForAws: "mirror.example.com/velero/velero-plugin-for-aws:v2" };
      assert.notDeepEqual(await annotations({ images }), before);
      const mirrored = { ...minimal.images, pluginForAws: "mirror.example.com/velero/velero-plugin-for-aws:v1" };
      assert.deepEqual(await annotations({ images: mirrored, schedules: [] }), before);
    });

    it("is done again for the schedules when one of them changes", async () => {
      const of = (cron: string) =>
        annotations(
          { schedules: [{ name: "daily", cron, retention: "720h", location: "inside", namespaces: [] }] },
          "proven-schedules",
        );
      assert.deepEqual(await of("30 2 * * *"), await of("30 2 * * *"));
      assert.notDeepEqual(await of("30 2 * * *"), await of("31 2 * * *"));
    });
  });

  it("may have several stores of each kind", async () => {
    const [second, other] = [inside({ name: "second", default: false }), { ...bucket, name: "other", bucket: "other" }];
    const locations = [inside(), second, outside(), outside({ name: "elsewhere", bucket: "elsewhere" }), bucket, other];
    const run = await deploy({ locations });
    assert.deepEqual(run.all(LOCATION).map(nameOf).sort(), locations.map(({ name }) => name).sort());
    assert.equal(run.all(JOB).length, 2);
  });

  describe("a store in the cluster", () => {
    it("is protected with its namespace until the settings say otherwise", async () => {
      for (const deletionProtection of [true, false]) {
        const run = await deploy({ locations: [inside({ deletionProtection })] });
        assert.equal(run.one(CLAIM).protect, deletionProtection);
        assert.equal(run.one(NAMESPACE).protect, deletionProtection);
      }
    });

    it("is reached by a user of its own, never as root", async () => {
      const run = await deploy();
      const root = decoded(run.one(SECRET, "inside-root-credentials"));
      const profile = credentialsOf(run, "inside");
      assert.match(profile ?? "", /aws_access_key_id=velero\n/);
      assert.ok(root.secretAccessKey && !profile?.includes(root.secretAccessKey));
    });

    it("gets new credentials, a new pod and a new Secret for Velero when the generation is raised", async () => {
      const [first, second] = [await deploy(), await deploy({ locations: [inside({ secretGeneration: 2 })] })];
      assert.notEqual(credentialsOf(first, "inside"), credentialsOf(second, "inside"));
      const template = (run: Run<unknown>) => JSON.stringify(spec(run.one("kubernetes:apps/v1:StatefulSet")));
      assert.match(template(first), /store-inside-root-1.*store-inside-user-1/);
      assert.match(template(second), /store-inside-root-2.*store-inside-user-2/);
      assert.notDeepEqual(
        spec(first.one(LOCATION, "location-inside")).credential,
        spec(second.one(LOCATION, "location-inside")).credential,
      );
    });

    it("is told to Velero once the pod that knows the credentials serves: it is made anew, not updated", async () => {
      const run = await deploy();
      const store = run.one("kubernetes:apps/v1:StatefulSet");
      assert.deepEqual([store.replaceOnChanges, store.deleteBeforeReplace], [["spec.template"], true]);
      assert.ok(run.one(SECRET, "location-inside-credentials").dependencies.includes(store.urn));
    });

    it("is asked whether bucket and user are made until they are, and then no more: each question is a program", async () => {
      const { template } = spec((await deploy()).one("kubernetes:apps/v1:StatefulSet")) as {
        template: { spec: { containers: Record<string, unknown>[] } };
      };
      const asked = template.spec.containers.map(({ name, ...container }) => [
        name,
        ["startupProbe", "readinessProbe", "livenessProbe"].filter(
          (probe) => (container[probe] as { exec?: object } | undefined)?.exec,
        ),
      ]);
      assert.deepEqual(Object.fromEntries(asked), { store: [], provisioner: ["startupProbe"] });
    });

    it("claims no directory: nobody else has a way to it", async () => {
      assert.deepEqual((await deploy()).all(JOB), []);
    });
  });

  describe("a store outside", () => {
    const both = { locations: [inside(), outside()] };

    it("is used only once the directory is this stack's", async () => {
      const run = await deploy(both);
      const location = run.one(LOCATION, "location-outside");
      assert.ok(location.dependencies.includes(run.one(JOB).urn));
      const files = run.one("kubernetes:core/v1:ConfigMap", "outside-program").inputs.data as Record<string, string>;
      const claim = JSON.parse(files["claim.json"] ?? "");
      assert.deepEqual(
        [claim.bucket, claim.prefix, claim.stack],
        ["acme", "acme", "onprem-platform/test (customer acme)"],
      );
    });

    it("is claimed by the password's fingerprint, which another password does not have and which does not tell it", async () => {
      const claimOf = async (repositoryPassword: string) => {
        const run = await deploy({ ...both, repositoryPassword });
        const files = run.one("kubernetes:core/v1:ConfigMap", "outside-program").inputs.data as Record<string, string>;
        assert.ok(!JSON.stringify(files).includes(repositoryPassword));
        return JSON.parse(files["claim.json"] ?? "").repository;
      };
      assert.equal(await claimOf("a-password"), await claimOf("a-password"));
      assert.notEqual(await claimOf("a-password"), await claimOf("another-password"));
    });

    it("claims again when what it claims by has changed", async () => {
      const told = async (change: object) => {
        const job = (await deploy({ locations: [inside(), outside(change)] })).one(JOB);
        return (spec(job).template as { metadata: { annotations: Record<string, string> } }).metadata.annotations;
      };
      assert.deepEqual(await told({}), await told({}));
      assert.notDeepEqual(await told({}), await told({ bucket: "another" }));
    });

    it("keeps its keys out of everything but Secrets", async () => {
      const run = await deploy(both);
      for (const registration of run.registrations) {
        const text = JSON.stringify(registration.inputs);
        const hidden = [text, Buffer.from("outside-secret-key").toString("base64")];
        if (registration.type !== SECRET) assert.ok(!text.includes(hidden[1] ?? ""), registration.name);
        assert.ok(!text.includes("outside-secret-key"), registration.name);
        if (text.includes(hidden[1] ?? "")) assert.ok(registration.secretInputs.includes("data"), registration.name);
      }
      assert.match(credentialsOf(run, "outside") ?? "", /aws_secret_access_key=outside-secret-key\n/);
    });

    it("is in the outputs, with what becomes of its backups", async () => {
      const locations = await outputValue((await deploy(both)).result.locations);
      assert.deepEqual(locations, [
        {
          name: "inside",
          kind: "minio",
          bucket: "backups",
          prefix: "acme",
          endpoint: "http://store-inside.velero.svc:9000",
          default: true,
          afterDestroy: "refused while deletionProtection of the location is true",
        },
        {
          name: "outside",
          kind: "s3",
          bucket: "acme",
          prefix: "acme",
          endpoint: "https://s3.example.com:9443",
          default: false,
          afterDestroy: "its backups stay",
        },
      ]);
    });
  });

  describe("a bucket on Google Cloud", () => {
    it("is private, outlives the stack, and is reached without a key", async () => {
      const run = await deploy({ locations: [inside(), bucket] });
      const made = run.one("gcp:storage/bucket:Bucket");
      assert.equal(made.retainOnDelete, true);
      assert.equal(made.inputs.publicAccessPrevention, "enforced");
      assert.equal(made.inputs.uniformBucketLevelAccess, true);
      const { credential } = spec(run.one(LOCATION, "location-cloud"));
      assert.equal(credential, undefined);
      assert.deepEqual(run.all("gcp:serviceaccount/key:Key"), []);
    });

    it("lets both of Velero's accounts act as the identity that may use it", async () => {
      const run = await deploy({ locations: [inside(), bucket], clusterProject: "acme-cluster" });
      const members = run
        .all("gcp:serviceaccount/iAMMember:IAMMember")
        .filter(({ inputs }) => inputs.role === "roles/iam.workloadIdentityUser")
        .map(({ inputs }) => inputs.member);
      assert.deepEqual(members.sort(), [
        "serviceAccount:acme-cluster.svc.id.goog[velero/node-agent]",
        "serviceAccount:acme-cluster.svc.id.goog[velero/velero]",
      ]);
      for (const account of run.all("kubernetes:core/v1:ServiceAccount")) {
        const { annotations } = account.inputs.metadata as { annotations: Record<string, string> };
        assert.equal(annotations["iam.gke.io/gcp-service-account"], "velero-acme@example.com");
      }
    });

    it("brings the plugin that its kind needs beside the other", async () => {
      const plugins = async (locations: typeof minimal.locations) => {
        const server = spec((await deploy({ locations })).one("kubernetes:apps/v1:Deployment"));
        const { template } = server as { template: { spec: { initContainers: { name: string }[] } } };
        return template.spec.initContainers.map(({ name }) => name);
      };
      assert.deepEqual(await plugins([inside()]), ["plugin-for-aws"]);
      assert.deepEqual(await plugins([inside(), bucket]), ["plugin-for-aws", "plugin-for-gcp"]);
    });
  });
});
