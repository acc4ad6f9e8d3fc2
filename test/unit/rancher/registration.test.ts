import assert from "node:assert/strict";
import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { RancherRegistration, type RancherRegistrationArgs } from "../../../components/rancher/registration";
import { type Registration, type RunOptions, runProgram } from "../../support/pulumi-mocks";

const CLUSTER = "rancher2:index/cluster:Cluster";
const SYNC = "rancher2:index/clusterSync:ClusterSync";
const CREDENTIAL = "rancher2:index/cloudCredential:CloudCredential";
const ACCOUNT = "gcp:serviceaccount/account:Account";
const URL = "https://rancher.acme.example.com";

const imported = {
  kind: "importedGke",
  project: "acme-platform",
  location: "europe-west3",
  regional: true,
  name: "gke-acme",
  serviceAccountKey: undefined,
} as const;

function compute({ type }: Registration): Record<string, unknown> | undefined {
  if (type === ACCOUNT) return { email: "import-acme@example.com", name: "accounts/import" };
  if (type === "gcp:serviceaccount/key:Key") return { privateKey: Buffer.from('{"made":"key"}').toString("base64") };
  if (type === CLUSTER) return { clusterRegistrationToken: { token: "t0ken" } };
  if (type === SYNC) return { kubeConfig: "kubeconfig", systemProjectId: "c-1:p-system" };
  return undefined;
}

function deploy(args: Partial<RancherRegistrationArgs> = {}, options: RunOptions = {}) {
  return runProgram(
    () => {
      const google = new gcp.Provider("google", { project: "acme-platform" });
      const administrator = new rancher2.Provider("administrator", { apiUrl: URL });
      return new RancherRegistration(
        "registration",
        { customer: "acme", cluster: imported, ...args },
        { providers: { gcp: google, rancher2: administrator } },
      );
    },
    { compute, ...options },
  );
}

const deployOwn = (options: RunOptions = {}) =>
  runProgram(
    () => {
      const administrator = new rancher2.Provider("administrator", { apiUrl: URL });
      const provider = new kubernetes.Provider("own", { kubeconfig: "{}" });
      const cluster = { kind: "own", provider, url: URL, image: "rancher-agent:v2.14.4", caCertificate: "CA" } as const;
      return new RancherRegistration(
        "registration",
        { customer: "acme", cluster },
        { providers: { rancher2: administrator } },
      );
    },
    { compute, ...options },
  );

describe("RancherRegistration", () => {
  it("waits until the cluster is active for good and its catalogues are there", async () => {
    const { inputs } = (await deploy()).one(SYNC);
    assert.deepEqual([inputs.clusterId, inputs.waitCatalogs, inputs.stateConfirm], ["cluster-id", true, 3]);
  });

  it("keeps the way through Rancher, and the token of its agent, secret", async () => {
    const run = await deploy();
    assert.ok(run.one(SYNC).additionalSecretOutputs.includes("kubeConfig"));
    assert.ok(run.one(CLUSTER).additionalSecretOutputs.includes("clusterRegistrationToken"));
  });

  it("can be previewed from nothing", async () => {
    assert.equal((await deploy({}, { preview: true, compute: () => ({}) })).all(SYNC).length, 1);
    assert.equal((await deployOwn({ preview: true })).all(SYNC).length, 1);
  });

  describe("of a GKE cluster that is there", () => {
    it("imports it by its name and region, or zone", async () => {
      const config = async (regional: boolean) =>
        (await deploy({ cluster: { ...imported, regional } })).one(CLUSTER).inputs.gkeConfigV2;
      const common = {
        imported: true,
        googleCredentialSecret: "credential-id",
        name: "gke-acme",
        projectId: "acme-platform",
      };
      assert.deepEqual(await config(true), { ...common, region: "europe-west3" });
      assert.deepEqual(await config(false), { ...common, zone: "europe-west3" });
    });

    it("makes an account for Rancher that may do what an import needs and no more", async () => {
      const run = await deploy();
      assert.equal(run.one(ACCOUNT).inputs.accountId, "import-acme");
      assert.deepEqual(
        run
          .all("gcp:projects/iAMMember:IAMMember")
          .map(({ inputs }) => inputs.role)
          .sort(),
        ["roles/compute.viewer", "roles/container.admin"],
      );
      const credential = run.one(CREDENTIAL);
      assert.deepEqual(credential.inputs.googleCredentialConfig, { authEncodedJson: '{"made":"key"}' });
      assert.deepEqual(credential.secretInputs, ["googleCredentialConfig"]);
    });

    it("takes the customer's key instead where there is one", async () => {
      const run = await deploy({ cluster: { ...imported, serviceAccountKey: pulumi.secret('{"given":"key"}') } });
      assert.deepEqual(run.all(ACCOUNT), []);
      assert.deepEqual(run.one(CREDENTIAL).inputs.googleCredentialConfig, { authEncodedJson: '{"given":"key"}' });
    });

    it("is not protected: to give up an import leaves the cluster as it is", async () => {
      assert.equal((await deploy()).one(CLUSTER).protect, false);
    });
  });

  describe("of the customer's own cluster", () => {
    it("puts Rancher's agent there by the cluster's own provider, and waits for it in Rancher", async () => {
      const run = await deployOwn();
      const objects = run.registrations.filter(({ type }) => type.startsWith("kubernetes:"));
      assert.equal(objects.length, 6);
      for (const object of objects) assert.match(object.provider, /::own::/, object.name);
      const agent = run.one("kubernetes:apps/v1:Deployment");
      assert.ok(run.one(SYNC).dependencies.includes(agent.urn));
      assert.match(JSON.stringify(agent.inputs.metadata), /"pulumi.com\/skipAwait":"true"/);
    });

    it("leaves the agent to Rancher from then on: its changes stay, and Rancher takes it away", async () => {
      const run = await deployOwn();
      for (const object of run.registrations.filter(({ type }) => type.startsWith("kubernetes:"))) {
        assert.equal(object.retainOnDelete, true, object.name);
        for (const part of ["metadata", "spec", "data"]) assert.ok(object.ignoreChanges.includes(part), object.name);
      }
    });

    it("has the token in a Secret that is one for the engine too, and nowhere else", async () => {
      const run = await deployOwn();
      const secret = run.one("kubernetes:core/v1:Secret");
      assert.deepEqual(secret.secretInputs, ["data"]);
      const encoded = Buffer.from("t0ken").toString("base64");
      const address = Buffer.from(URL).toString("base64");
      assert.deepEqual(secret.inputs.data, { url: address, token: encoded, namespace: "" });
      const others = run.registrations.filter((one) => one !== secret).map(({ inputs }) => inputs);
      assert.doesNotMatch(JSON.stringify(others), new RegExp(`t0ken|${encoded}`));
    });

    it("needs nothing of Google", async () => {
      assert.deepEqual(
        (await deployOwn()).registrations.filter(({ type }) => type.startsWith("gcp:")),
        [],
      );
    });
  });
});
