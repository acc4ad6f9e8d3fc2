import { type PolicyMutation, program, settings } from "./mutation";

const cluster = 'Cluster "cluster"';
const nodePool = 'NodePool "nodes"';
const instance = 'Instance "instance"';

/** One line for each policy on Google Cloud. They change different properties, so that one preview can show them all. */
export const cloudMutations: readonly PolicyMutation[] = [
  {
    finds: "a control plane that all of Google Cloud reaches",
    policy: "control-plane-not-public",
    on: cluster,
    property: "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled",
    mutation: program(
      "components/cluster/gke-cluster",
      "gcpPublicCidrsAccessEnabled: false",
      "gcpPublicCidrsAccessEnabled: true",
    ),
  },
  {
    finds: "nodes with public addresses",
    policy: "nodes-private",
    on: nodePool,
    property: "networkConfig.enablePrivateNodes",
    mutation: program(
      "components/cluster/gke-cluster",
      "networkConfig: { enablePrivateNodes: true }",
      "networkConfig: { enablePrivateNodes: false }",
    ),
  },
  {
    finds: "nodes that boot whatever they are given",
    policy: "nodes-shielded",
    on: nodePool,
    property: "nodeConfig.shieldedInstanceConfig.enableSecureBoot",
    mutation: program("components/cluster/gke-arguments", "enableSecureBoot: true", "enableSecureBoot: false"),
  },
  {
    finds: "nodes that nobody patches",
    policy: "nodes-maintained",
    on: nodePool,
    property: "management.autoUpgrade",
    mutation: program("components/cluster/gke-cluster", "autoUpgrade: true", "autoUpgrade: false"),
  },
  {
    finds: "nodes with the project's own account",
    policy: "nodes-own-identity",
    on: nodePool,
    property: "nodeConfig.serviceAccount",
    mutation: program("components/cluster/gke-cluster", "serviceAccount: account.email,", ""),
  },
  {
    finds: "pods that can take the node's credentials",
    policy: "workload-identity",
    on: nodePool,
    property: "nodeConfig.workloadMetadataConfig.mode",
    mutation: program("components/cluster/gke-arguments", 'mode: "GKE_METADATA"', 'mode: "GCE_METADATA"'),
  },
  {
    finds: "a client certificate",
    policy: "legacy-access-disabled",
    on: cluster,
    property: "masterAuth.clientCertificateConfig.issueClientCertificate",
    mutation: program(
      "components/cluster/gke-arguments",
      "issueClientCertificate: false",
      "issueClientCertificate: true",
    ),
  },
  {
    finds: "Secrets that lie in the cluster in clear",
    policy: "cluster-secrets-encrypted",
    on: cluster,
    property: "databaseEncryption.state",
    mutation: program("components/cluster/gke-cluster", 'state: "ENCRYPTED"', 'state: "DECRYPTED"'),
  },
  {
    finds: "a cluster that knows no network policies",
    policy: "cluster-network-policies",
    on: cluster,
    property: "datapathProvider",
    mutation: program("components/cluster/gke-arguments", '"ADVANCED_DATAPATH"', '"LEGACY_DATAPATH"'),
  },
  {
    finds: "a cluster that keeps no log of itself",
    policy: "cluster-logs",
    on: cluster,
    property: "loggingConfig.enableComponents",
    mutation: program(
      "components/cluster/gke-arguments",
      '["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"]',
      '["WORKLOADS"]',
    ),
  },
  {
    finds: "a VM with keys of its own",
    policy: "instance-login-managed",
    on: instance,
    property: 'metadata["enable-oslogin"]',
    mutation: program("components/rancher/rancher-machine", '"enable-oslogin": "TRUE"', '"enable-oslogin": "FALSE"'),
  },
  {
    finds: "a password in a VM's metadata",
    policy: "instance-metadata-without-secrets",
    on: instance,
    property: 'metadata["admin-password"]',
    mutation: program(
      "components/rancher/rancher-machine",
      '"serial-port-enable": "FALSE",',
      '"serial-port-enable": "FALSE", "admin-password": "correct-horse",',
    ),
  },
  {
    finds: "the role of an editor of everything",
    policy: "roles-not-basic",
    on: 'IAMMember "account-editor"',
    property: "role",
    mutation: program("components/rancher/rancher-server", '"roles/logging.logWriter"', '"roles/editor"'),
  },
  {
    finds: "a key where an identity does",
    policy: "service-account-keys-avoided",
    on: 'Key "velero-key"',
    property: "serviceAccountId",
    mutation: program(
      "components/backup/cloud-identity",
      "this.registerOutputs({ email: this.account.email });",
      'new gcp.serviceaccount.Key("velero-key", { serviceAccountId: this.account.name }, { parent: this });',
    ),
  },
  {
    finds: "SSH for the whole world",
    policy: "firewall-not-open",
    on: 'Firewall "ssh"',
    property: "sourceRanges[0]",
    mutation: program("components/rancher/rancher-network", '"22", [IAP_RANGE]', '"22", ["0.0.0.0/0"]'),
  },
  {
    finds: "a bucket that can be made public",
    policy: "buckets-private",
    on: 'Bucket "outside-bucket"',
    property: "publicAccessPrevention",
    mutation: program(
      "components/backup/cloud-bucket",
      'publicAccessPrevention: "enforced"',
      'publicAccessPrevention: "inherited"',
    ),
  },
  {
    finds: "a disk that one wrong run deletes",
    policy: "data-protected",
    on: 'Disk "data-disk"',
    property: "protect",
    mutation: settings(({ rancher }) => {
      rancher.deletionProtection = false;
    }),
  },
  {
    finds: "backups outside the customer's region",
    policy: "regions-allowed",
    on: 'Bucket "outside-bucket"',
    property: "location",
    mutation: settings(({ policy }) => {
      policy.allowedRegions = ["europe-west3"];
    }),
  },
  {
    finds: "a secret of nobody's",
    policy: "labels-present",
    on: 'Secret "bootstrap-password"',
    property: "labels",
    mutation: program(
      "components/rancher/machine-secret",
      "{ secretId, replication, labels }",
      "{ secretId, replication }",
    ),
  },
];
