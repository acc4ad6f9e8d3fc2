import assert from "node:assert/strict";
import { gcpProvider } from "../../../../stand-ins/gcp/provider";
import { type PropertyMap, secret, UNKNOWN } from "../../../../stand-ins/plugin/property-values";
import { rancher2Provider } from "../../../../stand-ins/rancher2/provider";
import { CloudClient, type Remembered, TestLedger } from "../../../support/clouds/cloud-client";

const type = (name: string): string => `rancher2:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const URL = "https://rancher.acme.example.com";
const PASSWORD = "correct horse battery";
const KEY_FILE = JSON.stringify({ type: "service_account", project_id: "acme-platform" });

describe("stand-in for Rancher", () => {
  let ledger: TestLedger;
  let first: CloudClient;
  let admin: CloudClient;
  let bootstrap: Remembered;
  const clients: CloudClient[] = [];
  const connect = async (settings: PropertyMap): Promise<CloudClient> => {
    const client = await CloudClient.connect(rancher2Provider(), { apiUrl: URL, ...settings });
    clients.push(client);
    return client;
  };
  beforeEach(async () => {
    ledger = new TestLedger();
    first = await connect({ bootstrap: "true" });
    bootstrap = await first.create(type("bootstrap"), "admin", { initialPassword: "initial", password: PASSWORD });
    admin = await connect({ tokenKey: String(bootstrap.properties.token) });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    ledger.remove();
  });

  const imported = (name = "acme"): Promise<Remembered> => admin.create(type("cluster"), "cluster", { name });
  const active = async (): Promise<Remembered> => {
    const cluster = await imported();
    await admin.create(type("clusterSync"), "sync", { clusterId: cluster.id, waitCatalogs: true });
    return cluster;
  };
  const user = (inputs: PropertyMap = {}): Promise<Remembered> =>
    admin.create(type("user"), "jane", { username: "jane", password: PASSWORD, ...inputs });

  describe("login", () => {
    it("refuses an empty token, on the provider and at any call", async () => {
      const reason = "tokenKey is empty: a token is required unless bootstrap is true";
      assert.deepEqual(await admin.refusedSettings({ apiUrl: URL, tokenKey: "" }), [reason]);
      assert.deepEqual(await admin.refusedSettings({ apiUrl: URL }), [reason]);
      assert.deepEqual(await admin.refusedSettings({ apiUrl: URL, tokenKey: UNKNOWN }), []);
      assert.deepEqual(await admin.refusedSettings({ apiUrl: URL, bootstrap: "true" }), []);
      const empty = await connect({ tokenKey: "" });
      await assert.rejects(empty.create(type("cluster"), "cluster", { name: "x" }), /tokenKey is empty/);
    });

    it("refuses settings that cannot be: no URL, one without TLS, bootstrap with a token", async () => {
      assert.match((await admin.refusedSettings({ tokenKey: "t" })).join(), /^apiUrl is required/);
      assert.match(
        (await admin.refusedSettings({ apiUrl: "http://x", tokenKey: "t" })).join(),
        /must start with https/,
      );
      const both = await admin.refusedSettings({ apiUrl: URL, tokenKey: "t", bootstrap: "true" });
      assert.match(both.join(), /^bootstrap cannot be given with tokenKey/);
    });

    it("refuses a token that this server did not give out", async () => {
      const other = await connect({ tokenKey: "token-other:secret" });
      await assert.rejects(other.create(type("cluster"), "cluster", { name: "x" }), /401 Unauthorized/);
      const elsewhere = await connect({
        apiUrl: "https://other.example.com",
        tokenKey: String(bootstrap.properties.token),
      });
      await assert.rejects(elsewhere.create(type("cluster"), "cluster", { name: "x" }), /401 Unauthorized/);
    });

    it("gives the token as a secret, and keeps it when the password changes", async () => {
      assert.deepEqual(bootstrap.wire.token, secret(bootstrap.properties.token as string));
      const changed = await first.update(bootstrap, { initialPassword: "initial", password: `${PASSWORD} staple` });
      assert.equal(changed.properties.token, bootstrap.properties.token);
      assert.equal(changed.properties.currentPassword, `${PASSWORD} staple`);
    });

    it("works by a password only for the bootstrap, and the bootstrap only so", async () => {
      await assert.rejects(first.create(type("cluster"), "cluster", { name: "x" }), /nothing but a Bootstrap/);
      await assert.rejects(
        admin.create(type("bootstrap"), "again", { password: PASSWORD }),
        /just available on bootstrap mode/,
      );
      await assert.rejects(first.create(type("bootstrap"), "again", { password: PASSWORD }), /401 Unauthorized/);
    });

    it("refuses passwords under twelve characters", async () => {
      const short = { initialPassword: "initial", password: "short" };
      await assert.rejects(
        first.create(type("bootstrap"), "b", short),
        /password must be at least 12 characters, not 5/,
      );
      await assert.rejects(user({ password: "short" }), /password must be at least 12 characters/);
    });
  });

  describe("clusters", () => {
    it("are registered by a manifest and a token", async () => {
      const { id, properties } = await imported();
      assert.match(id, /^c-[a-z0-9]{5}$/);
      const registration = properties.clusterRegistrationToken as PropertyMap;
      assert.match(String(registration.manifestUrl), new RegExp(`^${URL}/v3/import/[a-z0-9]{54}_${id}\\.yaml$`));
      assert.equal(registration.command, `kubectl apply -f ${String(registration.manifestUrl)}`);
      assert.deepEqual(properties.driver, "imported");
    });

    it("keep their registration when their description changes", async () => {
      const made = await imported();
      const asked = { name: "acme", description: "Acme" };
      assert.deepEqual(await admin.diff(made, asked), {
        changed: ["description"],
        replaces: [],
        deleteBeforeReplace: false,
      });
      const { properties } = await admin.update(made, asked);
      assert.deepEqual(properties.clusterRegistrationToken, made.properties.clusterRegistrationToken);
    });

    it("hand out a kubeconfig and their projects once they are in sync", async () => {
      const { id, properties } = await imported();
      const sync = await admin.create(type("clusterSync"), "sync", {
        clusterId: id,
        waitCatalogs: true,
        stateConfirm: 3,
      });
      assert.equal(sync.id, id);
      assert.deepEqual(sync.wire.kubeConfig, secret(sync.properties.kubeConfig as string));
      assert.match(String(sync.properties.kubeConfig), new RegExp(`${URL}/k8s/clusters/${id}`));
      assert.equal(sync.properties.systemProjectId, properties.systemProjectId);
    });

    it("have names of their own", async () => {
      await imported();
      await assert.rejects(imported(), /code=NotUnique, message=cluster name acme/);
    });

    it("must be active before a project or an app is made in them", async () => {
      const { id } = await imported();
      await assert.rejects(admin.create(type("project"), "p", { name: "p", clusterId: id }), /is not active/);
      const app = { clusterId: id, namespace: "cattle-monitoring-system", repoName: "rancher-charts", chartName: "x" };
      await assert.rejects(admin.create(type("appV2"), "app", app), /Cluster ID .* is not active/);
      await admin.create(type("clusterSync"), "sync", { clusterId: id });
      await admin.create(type("project"), "p", { name: "p", clusterId: id });
      await assert.rejects(
        admin.create(type("appV2"), "app", { ...app, repoName: "other" }),
        /repository other was not/,
      );
      assert.equal(
        (await admin.create(type("appV2"), "app", { ...app, name: "a" })).id,
        `${id}.cattle-monitoring-system/a`,
      );
    });

    it("take what is in them along", async () => {
      const cluster = await active();
      await admin.create(type("project"), "p", { name: "p", clusterId: cluster.id });
      await admin.delete(cluster);
      assert.deepEqual(ledger.names(), ["Bootstrap admin"]);
    });
  });

  describe("a GKE cluster", () => {
    let gcp: CloudClient;
    let gke: Remembered;
    let credential: Remembered;
    beforeEach(async () => {
      gcp = await CloudClient.connect(gcpProvider(), { project: "acme-platform", region: "europe-west3" });
      clients.push(gcp);
      const inputs = { name: "acme", location: "europe-west3", initialNodeCount: 1, deletionProtection: false };
      gke = await gcp.create("gcp:container/cluster:Cluster", "gke", inputs);
      const googleCredentialConfig = { authEncodedJson: KEY_FILE };
      credential = await admin.create(type("cloudCredential"), "google", { googleCredentialConfig });
    });
    const register = (name: string): Promise<Remembered> =>
      admin.create(type("cluster"), "acme", {
        name: "acme",
        gkeConfigV2: {
          ...{ imported: true, name, projectId: "acme-platform", region: "europe-west3" },
          googleCredentialSecret: credential.id,
        },
      });

    it("is imported only where it exists", async () => {
      await assert.rejects(register("other"), /GKE cluster projects\/.*\/other was not found/);
      assert.equal((await register("acme")).properties.driver, "GKE");
    });

    it("keeps its credential, and must outlive its registration", async () => {
      const registered = await register("acme");
      await assert.rejects(admin.delete(credential), /cloud credential '.*' is used by cluster/);
      await gcp.delete(gke);
      await assert.rejects(admin.delete(registered), /its GKE cluster .* is gone, and its finalizers wait/);
    });

    it("goes after its registration and before nothing else", async () => {
      for (const resource of [await register("acme"), credential]) await admin.delete(resource);
      await gcp.delete(gke);
      await first.delete(bootstrap);
      assert.deepEqual(ledger.names(), []);
    });

    it("needs a key file that is one", async () => {
      const encoded = { authEncodedJson: Buffer.from(KEY_FILE).toString("base64") };
      const made = admin.create(type("cloudCredential"), "google", { googleCredentialConfig: encoded });
      await assert.rejects(
        made,
        /authEncodedJson must be the JSON key file of a service account as it is, not encoded/,
      );
    });
  });

  describe("people", () => {
    it("have user names of their own, and another one is another person", async () => {
      const jane = await user();
      await assert.rejects(user(), /username jane is already in use/);
      const asked = { password: PASSWORD, name: "Jane" };
      assert.deepEqual((await admin.diff(jane, { ...asked, username: "janet" })).replaces, ["username"]);
      assert.deepEqual((await admin.diff(jane, { ...asked, username: "jane", enabled: false })).replaces, []);
    });

    it("get roles that exist, Rancher's own or the customer's, on what exists", async () => {
      const cluster = await active();
      const project = await admin.create(type("project"), "p", { name: "p", clusterId: cluster.id });
      const jane = await user();
      const bind = (inputs: PropertyMap): Promise<Remembered> =>
        admin.create(type("projectRoleTemplateBinding"), "b", {
          ...{ name: "b", projectId: project.id, roleTemplateId: "read-only", userId: jane.id },
          ...inputs,
        });
      await bind({});
      await assert.rejects(bind({ roleTemplateId: "rt-none" }), /role template "rt-none" not found/);
      await assert.rejects(bind({ userId: "user-none" }), /user "user-none" not found/);
      await assert.rejects(bind({ projectId: "c-x:p-x" }), /project "c-x:p-x" not found/);
      await assert.rejects(
        bind({ groupPrincipalId: "okta_group://x" }),
        /groupPrincipalId cannot be given with userId/,
      );
      const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
      const role = await admin.create(type("roleTemplate"), "r", { name: "r", context: "project", rules });
      await bind({ roleTemplateId: role.id });
      await bind({ projectId: String(cluster.properties.defaultProjectId) });
      await assert.rejects(admin.delete(role), /role template '.*' is used by project role template binding/);
    });

    it("lose their roles with their account", async () => {
      const jane = await user();
      const bind = (globalRoleId: string) =>
        admin.create(type("globalRoleBinding"), "g", { globalRoleId, userId: jane.id });
      await assert.rejects(bind("gr-none"), /globalRoleId must be one of admin, .*, not "gr-none"/);
      await bind("user");
      await admin.delete(jane);
      assert.deepEqual(ledger.names(), ["Bootstrap admin"]);
    });

    it("get no role without verbs, and none for a place that is neither cluster nor project", async () => {
      const rules = [{ resources: ["pods"], verbs: [] }];
      await assert.rejects(
        admin.create(type("roleTemplate"), "r", { name: "r", context: "global", rules }),
        /context must be cluster or project, not "global"; rules\[0\]\.verbs must name at least one verb/,
      );
    });
  });
});
