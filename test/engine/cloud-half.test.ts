/**
 * The platform's cloud half on the real engine, with stand-ins for Google Cloud and Rancher: whole lives. Those of a GKE
 * cluster are in `cloud-half-protected.test.ts`, `cloud-half-failures.test.ts` and, with Let's Encrypt, `test/lab/platform/cloud.test.ts`.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { customersCertificate } from "../support/engine/customers-certificate";
import { rancher } from "../support/settings/valid-settings";
import { assertOrder, CloudHalfStack, inventory } from "./cloud-half-stack";

const UNPROTECTED = { deletionProtection: false };
const access = {
  users: [{ name: "jane" }],
  members: [{ user: "jane", role: "project-owner" }],
};
const KUBECONFIG = JSON.stringify({
  "current-context": "own",
  contexts: [{ name: "own", context: { cluster: "own", user: "own" } }],
  clusters: [{ name: "own", cluster: { server: "https://own.example.com" } }],
  users: [{ name: "own", user: { token: "of-nobody" } }],
});
/** What goes first is what needs the rest: people, the cluster's entry, and the Rancher that they are in. */
const ORDER = ["ProjectRoleTemplateBinding", "Project", "ClusterSync", "rancher2:index/cluster:Cluster", "Instance"];

describe("the cloud half on the real engine", () => {
  let cloud: CloudHalfStack;
  beforeEach(() => {
    cloud = new CloudHalfStack();
  });
  afterEach(() => cloud?.remove());

  /** From nothing to a stack that is as its first preview said. */
  async function comeToLife(): Promise<void> {
    const planned = await cloud.planned();
    assert.ok(planned.length > 20, inventory(planned).join("\n"));
    assert.deepEqual(cloud.ledger.names(), [], "a preview makes nothing");
    await cloud.up();
    assert.deepEqual(inventory(cloud.ledger.read().resources), inventory(planned));
    await cloud.expectNoChanges();
  }

  async function endWithNothingLeft(...last: string[]): Promise<void> {
    await cloud.destroy();
    assert.deepEqual(cloud.ledger.names(), []);
    assertOrder(cloud.deleted(), [...ORDER, ...last]);
  }

  it("lives with a cluster of the customer's own, with Let's Encrypt and then with a certificate of the customer's", async () => {
    writeFileSync(join(cloud.stack.folder, "acme.kubeconfig"), KUBECONFIG);
    const { privateKey, ...certificates } = customersCertificate();
    const given = { kind: "provided", ...certificates };
    await cloud.create({
      cluster: { kind: "existing", kubeconfig: "acme.kubeconfig" },
      rancher: rancher({ project: "acme-platform", tls: given, ...UNPROTECTED }),
      access,
    });
    await cloud.setSecret("onprem:rancher.tls.privateKey", privateKey);
    const withCertificate = inventory(await cloud.planned());
    await cloud.withSettings(async () => {
      cloud.set("rancher.tls", { kind: "letsencrypt" });
      await comeToLife();
      const { resources } = cloud.ledger.read();
      assert.ok(!resources.some(({ type }) => type.startsWith("gcp:container")));
      assert.ok(resources.some(({ type, name }) => type.endsWith(":Firewall") && name === "http"));
    });
    await cloud.up();
    assert.deepEqual(inventory(cloud.ledger.read().resources), withCertificate);
    await cloud.stack.succeed("preview", "--expect-no-changes");
    await endWithNothingLeft("Disk");
  });
});
