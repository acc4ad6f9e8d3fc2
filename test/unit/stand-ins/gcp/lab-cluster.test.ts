import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installGkeAuthPlugin } from "../../../../stand-ins/gcp/gke-gcloud-auth-plugin";
import { gcpProvider } from "../../../../stand-ins/gcp/provider";
import type { PropertyMap } from "../../../../stand-ins/plugin/property-values";
import { rancher2Provider } from "../../../../stand-ins/rancher2/provider";
import { CloudClient, TestLedger } from "../../../support/clouds/cloud-client";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const KUBECONFIG = `
current-context: lab
contexts: [{ name: other, context: { cluster: x, user: x } }, { name: lab, context: { cluster: lab, user: admin } }]
clusters: [{ name: lab, cluster: { server: "https://10.245.0.1:6443/", certificate-authority-data: ${base64("the CA")} } }]
users: [{ name: admin, user: { client-certificate: client.crt, client-key-data: ${base64("the key")} } }]
`;

describe("the lab's cluster in the stand-in clouds", () => {
  let folder: string;
  let ledger: TestLedger;
  beforeEach(() => {
    ledger = new TestLedger();
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    writeFileSync(join(folder, "client.crt"), "the certificate");
    writeFileSync(join(folder, "kubeconfig"), KUBECONFIG);
    process.env.ONPREM_LAB_KUBECONFIG = join(folder, "kubeconfig");
  });
  afterEach(() => {
    delete process.env.ONPREM_LAB_KUBECONFIG;
    rmSync(folder, { recursive: true });
    ledger.remove();
  });
  const gke = async (): Promise<PropertyMap> => {
    const gcp = await CloudClient.connect(gcpProvider(), { project: "acme-platform" });
    const inputs = { name: "acme", location: "europe-west3", initialNodeCount: 1 };
    const { properties } = await gcp.create("gcp:container/cluster:Cluster", "gke", inputs);
    gcp.close();
    return properties;
  };

  it("is what GKE hands out: its address and CA", async () => {
    const { endpoint, masterAuth } = await gke();
    assert.equal(endpoint, "10.245.0.1:6443");
    assert.equal((masterAuth as PropertyMap).clusterCaCertificate, base64("the CA"));
  });

  it("is nowhere without a lab: an address that nobody has", async () => {
    delete process.env.ONPREM_LAB_KUBECONFIG;
    const { endpoint, masterAuth } = await gke();
    assert.match(String(endpoint), /^(203\.0\.113|198\.51\.100)\./);
    const authority = String((masterAuth as PropertyMap).clusterCaCertificate);
    assert.equal(new X509Certificate(Buffer.from(authority, "base64")).ca, true);
  });

  it("is what Rancher's kubeconfig leads to", async () => {
    const apiUrl = "https://rancher.example.com";
    const bootstrap = await CloudClient.connect(rancher2Provider(), { apiUrl, bootstrap: "true" });
    const { properties } = await bootstrap.create("rancher2:index/bootstrap:Bootstrap", "admin", {});
    const admin = await CloudClient.connect(rancher2Provider(), { apiUrl, tokenKey: String(properties.token) });
    const { id } = await admin.create("rancher2:index/cluster:Cluster", "acme", { name: "acme" });
    const sync = await admin.create("rancher2:index/clusterSync:ClusterSync", "acme", { clusterId: id });
    assert.equal(sync.properties.kubeConfig, KUBECONFIG);
    for (const client of [bootstrap, admin]) client.close();
  });

  it("is entered by the stand-in for gke-gcloud-auth-plugin", () => {
    const program = installGkeAuthPlugin(join(folder, "bin with ' quote"));
    assert.match(program, /\/gke-gcloud-auth-plugin$/);
    assert.deepEqual(JSON.parse(execFileSync(program, { encoding: "utf8" })), {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      kind: "ExecCredential",
      status: { clientCertificateData: "the certificate", clientKeyData: "the key" },
    });
    const { ONPREM_LAB_KUBECONFIG: _, ...env } = process.env;
    const { status, stderr } = spawnSync(program, { encoding: "utf8", env });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "this stand-in for gke-gcloud-auth-plugin needs ONPREM_LAB_KUBECONFIG: the lab's kubeconfig\n",
    );
  });
});
