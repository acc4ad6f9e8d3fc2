/** A customer's cloud half in small: a Rancher server on a VM, GKE registered in it, people. Settings change one thing each. */
import * as gcp from "@pulumi/gcp";
import { Config } from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";

const settings = new Config();
const password = "correct horse battery staple";
const deletionProtection = settings.getBoolean("deletionProtection") ?? false;
const labels = { customer: "acme", ring: settings.get("ring") ?? "1" };
const region = "europe-west3";
const zone = "europe-west3-a";

const google = { provider: new gcp.Provider("google", { project: "acme-platform", region }) };
const network = new gcp.compute.Network("network", { name: "acme", autoCreateSubnetworks: false }, google);
const nodes = new gcp.compute.Subnetwork(
  "nodes",
  {
    name: "acme-nodes",
    network: network.id,
    ipCidrRange: "10.10.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  },
  google,
);
const address = new gcp.compute.Address("rancher", { name: "acme-rancher", region, labels }, google);
const account = new gcp.serviceaccount.Account("rancher", { accountId: "acme-rancher" }, google);
const bootstrapSecret = new gcp.secretmanager.Secret(
  "bootstrap",
  { secretId: "acme-bootstrap", replication: { auto: {} }, labels },
  google,
);
new gcp.secretmanager.SecretVersion("bootstrap", { secret: bootstrapSecret.id, secretData: password }, google);
new gcp.secretmanager.SecretIamMember(
  "bootstrap",
  { secretId: bootstrapSecret.id, role: "roles/secretmanager.secretAccessor", member: account.member },
  google,
);
const disk = new gcp.compute.Disk(
  "data",
  { name: "acme-data", zone, type: "pd-balanced", size: settings.getNumber("dataDiskSize") ?? 50, labels },
  google,
);
const server = new gcp.compute.Instance(
  "rancher",
  {
    name: "acme-rancher",
    zone,
    machineType: "e2-standard-4",
    bootDisk: {
      initializeParams: { image: settings.get("image") ?? "ubuntu-os-cloud/ubuntu-2404-lts-amd64", size: 20 },
    },
    attachedDisks: [{ source: disk.selfLink, deviceName: "data" }],
    networkInterfaces: [{ subnetwork: nodes.id, accessConfigs: [{ natIp: address.address }] }],
    serviceAccount: { email: account.email, scopes: ["cloud-platform"] },
    metadata: { "user-data": `#cloud-config for ${settings.get("rancher") ?? "2.14.4"}` },
    deletionProtection,
    labels,
  },
  google,
);

const keyRing = new gcp.kms.KeyRing("gke", { location: region }, google);
const key = new gcp.kms.CryptoKey("gke", { keyRing: keyRing.id, rotationPeriod: "7776000s" }, google);
const project = gcp.organizations.getProjectOutput({ projectId: "acme-platform" }, google);
const keyGrant = new gcp.kms.CryptoKeyIAMMember(
  "gke",
  {
    cryptoKeyId: key.id,
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member: project.number.apply(
      (number) => `serviceAccount:service-${number}@container-engine-robot.iam.gserviceaccount.com`,
    ),
  },
  google,
);
const gke = new gcp.container.Cluster(
  "gke",
  {
    name: "acme",
    location: region,
    initialNodeCount: 1,
    removeDefaultNodePool: true,
    network: network.id,
    subnetwork: nodes.id,
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    databaseEncryption: { state: "ENCRYPTED", keyName: key.id },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    minMasterVersion: settings.get("kubernetes") ?? "1.34",
    deletionProtection,
    resourceLabels: labels,
  },
  { ...google, dependsOn: keyGrant },
);
new gcp.container.NodePool(
  "nodes",
  { cluster: gke.id, location: region, nodeCount: 1, nodeConfig: { machineType: "e2-standard-4" } },
  google,
);

const apiUrl = "https://rancher.acme.example.com";
const first = new rancher2.Provider("first", { apiUrl, bootstrap: true }, { dependsOn: server });
const bootstrap = new rancher2.Bootstrap("admin", { initialPassword: password, password }, { provider: first });
const tokenKey = settings.getBoolean("emptyToken") ? "" : bootstrap.token;
const admin = { provider: new rancher2.Provider("admin", { apiUrl, tokenKey }) };
const credential = new rancher2.CloudCredential(
  "google",
  { googleCredentialConfig: { authEncodedJson: JSON.stringify({ type: "service_account", key: password }) } },
  admin,
);
const cluster = new rancher2.Cluster(
  "acme",
  {
    name: "acme",
    gkeConfigV2: {
      ...{ imported: true, name: gke.name, projectId: "acme-platform", region },
      googleCredentialSecret: credential.id,
    },
  },
  admin,
);
const sync = new rancher2.ClusterSync("acme", { clusterId: cluster.id, waitCatalogs: true }, admin);
const application = new rancher2.Project("application", { name: "application", clusterId: sync.id }, admin);
const jane = new rancher2.User(
  "jane",
  { username: settings.get("username") ?? "jane", password, mustChangePassword: true },
  admin,
);
new rancher2.ProjectRoleTemplateBinding(
  "jane",
  { name: "jane", projectId: application.id, roleTemplateId: "project-member", userId: jane.id },
  admin,
);

export const endpoint = gke.endpoint;
export const certificateAuthority = gke.masterAuth.clusterCaCertificate;
export const registration = cluster.clusterRegistrationToken.manifestUrl;
export const kubeconfig = sync.kubeConfig;
