import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { RancherAccess, type RancherAccessArgs } from "../../../components/rancher/access";
import { isSecret, outputValue, runProgram } from "../../support/pulumi-mocks";

const USER = "rancher2:index/user:User";
const PROJECT_BINDING = "rancher2:index/projectRoleTemplateBinding:ProjectRoleTemplateBinding";
const CLUSTER_BINDING = "rancher2:index/clusterRoleTemplateBinding:ClusterRoleTemplateBinding";

const settings: RancherAccessArgs = {
  clusterId: "c-1",
  systemProjectId: "c-1:p-system",
  project: "application",
  namespaces: { parse: pulumi.output("parse") },
  users: [
    { name: "jane", displayName: "Jane Doe", enabled: true, initialPassword: undefined },
    { name: "joe", displayName: "joe", enabled: false, initialPassword: pulumi.secret("given password") },
  ],
  roles: [
    { name: "log-reader", context: "project", rules: [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }] },
  ],
  members: [
    { user: "jane", group: undefined, role: "project-owner" },
    { user: "jane", group: undefined, role: "cluster-member" },
    { user: "joe", group: undefined, role: "monitoring-ui-view" },
    { user: undefined, group: "okta_group://acme-support", role: "log-reader" },
  ],
};

const deploy = (args: Partial<RancherAccessArgs> = {}) =>
  runProgram(() => {
    const administrator = new rancher2.Provider("administrator", { apiUrl: "https://rancher.acme.example.com" });
    const cluster = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
    const providers = { rancher2: administrator, kubernetes: cluster };
    return new RancherAccess("access", { ...settings, ...args }, { providers });
  });

describe("RancherAccess", () => {
  it("makes everything in Rancher by the given provider, under itself", async () => {
    const run = await deploy();
    const component = run.one("onprem:rancher:RancherAccess");
    const things = run.registrations.filter(({ type }) => type.startsWith("rancher2:"));
    assert.equal(things.length, 1 + 2 * 2 + 1 + 4);
    for (const one of things) {
      assert.equal(one.parent, component.urn, one.name);
      assert.match(one.provider, /::administrator::/, one.name);
    }
  });

  it("makes a project and takes the application's namespaces into it", async () => {
    const run = await deploy();
    const { inputs } = run.one("rancher2:index/project:Project");
    assert.deepEqual([inputs.name, inputs.clusterId], ["application", "c-1"]);
    const patch = run.one("kubernetes:core/v1:NamespacePatch");
    assert.deepEqual(patch.inputs.metadata, {
      name: "parse",
      annotations: { "field.cattle.io/projectId": "project-id" },
    });
    assert.match(patch.provider, /::cluster::/);
  });

  describe("users", () => {
    it("have a first password that they must change, which is theirs afterwards", async () => {
      const run = await deploy();
      for (const user of run.all(USER)) {
        assert.equal(user.inputs.mustChangePassword, true);
        assert.deepEqual(user.secretInputs, ["password"]);
        assert.deepEqual(user.ignoreChanges, ["password", "mustChangePassword"]);
        assert.ok(String(user.inputs.password).length >= 12);
      }
      assert.equal(run.one(USER, "joe").inputs.password, "given password");
      assert.deepEqual(
        run.all("random:index/randomPassword:RandomPassword").map(({ name }) => name),
        ["jane-password"],
      );
    });

    it("are handed out with their first passwords, as a secret", async () => {
      const { result } = await deploy();
      assert.ok(await isSecret(result.initialPasswords));
      const passwords = await outputValue(result.initialPasswords);
      assert.deepEqual(Object.keys(passwords), ["jane", "joe"]);
      assert.equal(passwords.joe, "given password");
    });

    it("may log in, and are shown by name; a locked one stays locked", async () => {
      const run = await deploy();
      const login = run.one("rancher2:index/globalRoleBinding:GlobalRoleBinding", "jane-login");
      assert.deepEqual([login.inputs.globalRoleId, login.inputs.userId], ["user", "jane-id"]);
      const shown = (name: string) => {
        const { inputs } = run.one(USER, name);
        return [inputs.username, inputs.name, inputs.enabled];
      };
      assert.deepEqual(shown("jane"), ["jane", "Jane Doe", true]);
      assert.deepEqual(shown("joe"), ["joe", "joe", false]);
    });

    it("that are taken out are taken out, with what they had, and nothing else moves", async () => {
      const names = async (args: Partial<RancherAccessArgs>) =>
        (await deploy(args)).registrations.map(({ type, name }) => `${type} ${name}`);
      const before = await names({});
      const after = await names({
        users: settings.users.slice(0, 1),
        members: settings.members.filter(({ user }) => user !== "joe"),
      });
      assert.deepEqual(
        before
          .filter((name) => !after.includes(name))
          .map((name) => name.split(" ")[1])
          .sort(),
        ["joe", "joe-login", "joe/monitoring-ui-view"],
      );
      assert.deepEqual(
        after.filter((name) => !before.includes(name)),
        [],
      );
    });
  });

  describe("members", () => {
    it("get project roles in the project, cluster roles on the cluster, monitoring in the system project", async () => {
      const run = await deploy();
      const project = run.all(PROJECT_BINDING).map(({ inputs }) => `${inputs.projectId} ${inputs.roleTemplateId}`);
      assert.deepEqual(project.sort(), [
        "c-1:p-system monitoring-ui-view",
        "project-id log-reader-id",
        "project-id project-owner",
      ]);
      const [onCluster] = run.all(CLUSTER_BINDING);
      assert.deepEqual(
        [onCluster?.inputs.clusterId, onCluster?.inputs.roleTemplateId, onCluster?.inputs.userId],
        ["c-1", "cluster-member", "jane-id"],
      );
    });

    it("are groups of the customer's identity provider too", async () => {
      const { inputs } = (await deploy()).one(PROJECT_BINDING, "okta_group://acme-support/log-reader");
      assert.equal(inputs.groupPrincipalId, "okta_group://acme-support");
      assert.equal(inputs.userId, undefined);
    });
  });

  it("makes roles with the rules of the settings and no others", async () => {
    const { inputs } = (await deploy()).one("rancher2:index/roleTemplate:RoleTemplate");
    assert.equal(inputs.context, "project");
    assert.deepEqual(inputs.rules, [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }]);
  });
});
