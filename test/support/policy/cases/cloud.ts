import { type PolicyCase, resource } from "../policy-case";

const labels = { customer: "acme", "managed-by": "onprem-platform" };

const cluster = resource("gcp:container/cluster:Cluster", {
  name: "acme-platform",
  location: "europe-west3",
  resourceLabels: labels,
  deletionProtection: true,
  masterAuthorizedNetworksConfig: {
    gcpPublicCidrsAccessEnabled: false,
    cidrBlocks: [{ displayName: "operators", cidrBlock: "203.0.113.0/28" }],
  },
  privateClusterConfig: { enablePrivateNodes: true },
  enableShieldedNodes: true,
  workloadIdentityConfig: { workloadPool: "acme-platform.svc.id.goog" },
  masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
  databaseEncryption: { state: "ENCRYPTED", keyName: "projects/acme/keys/one" },
  datapathProvider: "ADVANCED_DATAPATH",
  releaseChannel: { channel: "REGULAR" },
  loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
});

const nodePool = resource("gcp:container/nodePool:NodePool", {
  cluster: "acme-platform",
  location: "europe-west3",
  management: { autoRepair: true, autoUpgrade: true },
  nodeConfig: {
    serviceAccount: "acme-nodes@acme-platform.iam.gserviceaccount.com",
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
  },
});

const instance = resource("gcp:compute/instance:Instance", {
  name: "acme-rancher",
  zone: "europe-west3-a",
  labels,
  metadata: {
    "enable-oslogin": "TRUE",
    "block-project-ssh-keys": "TRUE",
    "user-data": "#cloud-config\nruncmd:\n  - [systemctl, enable, --now, rancher.service]\n",
  },
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true, enableVtpm: true },
  serviceAccount: { email: "acme-rancher@acme-platform.iam.gserviceaccount.com", scopes: ["cloud-platform"] },
});

const disk = resource(
  "gcp:compute/disk:Disk",
  { name: "acme-rancher-data", zone: "europe-west3-a", labels },
  { protect: true },
);

const bucket = resource(
  "gcp:storage/bucket:Bucket",
  {
    name: "acme-backup",
    location: "EU",
    labels,
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
  },
  { protect: true },
);

const grant = resource("gcp:projects/iAMMember:IAMMember", {
  project: "acme-platform",
  role: "roles/logging.logWriter",
  member: "serviceAccount:acme-nodes@acme-platform.iam.gserviceaccount.com",
});

const key = resource(
  "gcp:serviceaccount/key:Key",
  { serviceAccountId: "acme-rancher" },
  { parent: "urn:pulumi:prod::onprem-platform::onprem:rancher:RancherRegistration::registration" },
);

const firewall = resource("gcp:compute/firewall:Firewall", {
  direction: "INGRESS",
  sourceRanges: ["0.0.0.0/0"],
  allows: [{ protocol: "tcp", ports: ["443", "80"] }],
});

const sshFirewall = resource(
  "gcp:compute/firewall:Firewall",
  { direction: "INGRESS", sourceRanges: ["35.235.240.0/20"], allows: [{ protocol: "tcp", ports: ["22"] }] },
  { name: "ssh" },
);

/** Cases of the policies on Google Cloud resources. */
export const cloudCases: Readonly<Record<string, PolicyCase>> = {
  "control-plane-not-public": {
    compliant: [cluster],
    violating: [
      { set: "masterAuthorizedNetworksConfig", to: undefined },
      { set: "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock", to: "0.0.0.0/0" },
      { set: "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock", to: "::/0" },
      { set: "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock", to: "0::/0" },
      { set: "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock", to: "1.2.3.4/0" },
      {
        set: "masterAuthorizedNetworksConfig.cidrBlocks",
        to: ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"].map((cidrBlock) => ({ cidrBlock })),
        found: [0, 1, 2, 3].map((index) => `masterAuthorizedNetworksConfig.cidrBlocks[${index}].cidrBlock`),
      },
      { set: "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled", to: true },
    ],
    unknown: "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock",
  },
  "nodes-private": {
    compliant: [cluster, nodePool],
    violating: [
      { set: "privateClusterConfig.enablePrivateNodes", to: false },
      {
        set: "privateClusterConfig",
        to: undefined,
        found: "privateClusterConfig.enablePrivateNodes",
      },
      { of: 1, set: "networkConfig.enablePrivateNodes", to: false },
    ],
    unknown: "privateClusterConfig.enablePrivateNodes",
  },
  "nodes-shielded": {
    compliant: [instance, nodePool, cluster],
    violating: [
      { set: "shieldedInstanceConfig.enableSecureBoot", to: false },
      { of: 1, set: "nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring", to: undefined },
      { of: 2, set: "enableShieldedNodes", to: false },
    ],
    unknown: "shieldedInstanceConfig.enableSecureBoot",
  },
  "nodes-maintained": {
    compliant: [nodePool, cluster],
    violating: [
      { set: "management.autoUpgrade", to: false },
      { of: 1, set: "releaseChannel.channel", to: "UNSPECIFIED" },
    ],
    unknown: "management.autoRepair",
  },
  "nodes-own-identity": {
    compliant: [nodePool, instance],
    violating: [
      { set: "nodeConfig.serviceAccount", to: undefined },
      { set: "nodeConfig.serviceAccount", to: "123-compute@developer.gserviceaccount.com" },
      { of: 1, set: "serviceAccount.email", to: undefined },
    ],
    unknown: "nodeConfig.serviceAccount",
  },
  "workload-identity": {
    compliant: [cluster, nodePool],
    violating: [
      { set: "workloadIdentityConfig.workloadPool", to: undefined },
      { of: 1, set: "nodeConfig.workloadMetadataConfig.mode", to: "GCE_METADATA" },
    ],
    unknown: "workloadIdentityConfig.workloadPool",
  },
  "legacy-access-disabled": {
    compliant: [cluster, nodePool],
    violating: [
      { set: "enableLegacyAbac", to: true },
      { set: "masterAuth.clientCertificateConfig.issueClientCertificate", to: true },
      { of: 1, set: 'nodeConfig.metadata["disable-legacy-endpoints"]', to: "false" },
    ],
    unknown: "enableLegacyAbac",
  },
  "cluster-secrets-encrypted": {
    compliant: [cluster],
    violating: [
      { set: "databaseEncryption.state", to: "DECRYPTED" },
      { set: "databaseEncryption", to: undefined, found: "databaseEncryption.state" },
    ],
    unknown: "databaseEncryption.state",
  },
  "cluster-network-policies": {
    compliant: [cluster],
    violating: [{ set: "datapathProvider", to: "LEGACY_DATAPATH" }],
    unknown: "datapathProvider",
  },
  "cluster-logs": {
    compliant: [cluster],
    violating: [
      { set: "loggingConfig.enableComponents", to: [] },
      { set: "loggingConfig.enableComponents", to: ["WORKLOADS"] },
    ],
    unknown: "loggingConfig.enableComponents[0]",
  },
  "instance-login-managed": {
    compliant: [instance],
    violating: [
      { set: 'metadata["enable-oslogin"]', to: "FALSE" },
      { set: 'metadata["block-project-ssh-keys"]', to: undefined },
      { set: 'metadata["serial-port-enable"]', to: "1" },
    ],
    unknown: 'metadata["enable-oslogin"]',
  },
  "instance-metadata-without-secrets": {
    compliant: [instance],
    violating: [
      { set: 'metadata["user-data"]', to: "docker run -e CATTLE_BOOTSTRAP_PASSWORD=Xk29fLq81ZmP07sTvB4n rancher" },
      { set: "metadata.password", to: "correct-horse" },
      { set: "metadataStartupScript", to: "-----BEGIN RSA PRIVATE KEY-----\nMII" },
    ],
    unknown: 'metadata["user-data"]',
    unknownIsPassedOver: true,
  },
  "roles-not-basic": {
    compliant: [grant],
    violating: [
      { set: "role", to: "roles/editor" },
      { set: "role", to: "roles/owner" },
      { set: "member", to: "allUsers" },
    ],
    unknown: "role",
  },
  "service-account-keys-avoided": {
    compliant: [key],
    violating: [
      {
        set: "@parent",
        to: "urn:pulumi:prod::onprem-platform::onprem:backup:Backup::backup",
        found: "serviceAccountId",
      },
    ],
    unknown: "serviceAccountId",
    unknownIsPassedOver: true,
  },
  "firewall-not-open": {
    compliant: [firewall, sshFirewall],
    violating: [
      { set: "allows[0].ports", to: ["22"], found: "sourceRanges[0]" },
      { set: "allows[0].ports", to: ["443-8443"], found: "sourceRanges[0]" },
      { set: "allows[0]", to: { protocol: "all" }, found: "sourceRanges[0]" },
      { of: 1, set: "sourceRanges", to: ["10.0.0.0/8", "::/0"], found: "sourceRanges[1]" },
      { of: 1, set: "sourceRanges", to: ["1.2.3.4/0"], found: "sourceRanges[0]" },
      { of: 1, set: "sourceRanges", to: ["0.0.0.0/00"], found: "sourceRanges[0]" },
      {
        of: 1,
        set: "sourceRanges",
        to: ["10.0.0.0/8", "0.0.0.0/2", "64.0.0.0/2"],
        found: ["sourceRanges[1]", "sourceRanges[2]"],
      },
      { of: 1, set: "sourceRanges", to: ["2000::/5", "2800::/5"], found: ["sourceRanges[0]", "sourceRanges[1]"] },
      { of: 1, set: "sourceRanges", to: undefined },
    ],
    unknown: "allows[0].protocol",
  },
  "buckets-private": {
    compliant: [bucket],
    violating: [
      { set: "publicAccessPrevention", to: "inherited" },
      { set: "uniformBucketLevelAccess", to: false },
    ],
    unknown: "publicAccessPrevention",
  },
  "data-protected": {
    compliant: [cluster, disk, bucket],
    violating: [
      { set: "deletionProtection", to: false },
      { of: 1, set: "@protect", to: false, found: "protect" },
      { of: 2, set: "@protect", to: false, found: "protect" },
    ],
    unknown: "deletionProtection",
  },
  "regions-allowed": {
    compliant: [cluster, instance],
    violating: [
      { set: "location", to: "us-central1" },
      { of: 1, set: "zone", to: "europe-west30-a" },
    ],
    unknown: "location",
    settings: { allowedRegions: ["europe-west3", "EU"] },
  },
  "labels-present": {
    compliant: [cluster, instance, disk, bucket],
    violating: [
      { set: "resourceLabels", to: undefined },
      { of: 1, set: 'labels["managed-by"]', to: undefined, found: "labels" },
      { of: 2, set: "labels.customer", to: "globex" },
    ],
    unknown: "resourceLabels.customer",
  },
  "names-carry-customer": {
    compliant: [cluster, instance, disk, bucket],
    violating: [
      { set: "name", to: "platform" },
      { of: 3, set: "name", to: "globex-backup" },
    ],
    unknown: "name",
  },
};
