/** What each setting of the cloud half changes in a stack that is there: one table for the engine and for the mocks. */
import { gke, rancher } from "../settings/valid-settings";

/** One setting that changes alone, and all that comes of it. */
export interface SettingEffect {
  /** The setting as it is written after `onprem:`, such as `cluster.zones` or `access.users[0].enabled`. */
  readonly setting: string;
  /** Its new value; `undefined` takes the setting out. */
  readonly value: unknown;
  /** Whether the value may only be given as a secret. */
  readonly secret?: true;
  /** Resources whose inputs differ, with the inputs: `update Instance instance: metadata`. */
  readonly effects: readonly string[];
  /** What comes of those effects in turn, since an output of theirs is another one afterwards. */
  readonly follows?: readonly string[];
}

/** The password that one of the users was given. */
export const GIVEN_PASSWORD = "correct horse battery";

/** The stack that the settings change in: every optional part is there, so that it can change. */
export const standing = {
  cluster: gke({
    kubernetesVersion: "1.34",
    nodes: 6,
    authorisedNetworks: [{ name: "office", range: "203.0.113.0/28" }],
    labels: { ring: "1" },
  }),
  rancher: rancher({ dns: { managedZone: "acme-example-com", project: "acme-dns" } }),
  access: {
    users: [{ name: "jane" }, { name: "joe" }, { name: "ida" }],
    roles: [
      { name: "log-reader", rules: [{ resources: ["pods/log"], verbs: ["get"] }] },
      { name: "looker-on", rules: [{ resources: ["pods"], verbs: ["get"] }] },
    ],
    members: [
      { user: "jane", role: "project-owner" },
      { group: "okta_group://operators", role: "cluster-member" },
      { user: "joe", role: "log-reader" },
    ],
  },
};

const CLUSTER: readonly SettingEffect[] = [
  { setting: "cluster.createdBy", value: "platform", effects: [] },
  { setting: "cluster.nodes", value: 9, effects: ["update NodePool nodes: nodeCount"] },
  { setting: "cluster.machineType", value: "e2-standard-8", effects: ["update NodePool nodes: nodeConfig"] },
  { setting: "cluster.diskSizeGb", value: 200, effects: ["update NodePool nodes: nodeConfig"] },
  {
    setting: "cluster.zones",
    value: ["europe-west3-a", "europe-west3-b"],
    effects: ["update Cluster cluster: nodeLocations", "update NodePool nodes: nodeCount, nodeLocations"],
  },
  { setting: "cluster.kubernetesVersion", value: "1.35", effects: ["update Cluster cluster: minMasterVersion"] },
  { setting: "cluster.releaseChannel", value: "STABLE", effects: ["update Cluster cluster: releaseChannel"] },
  {
    setting: "cluster.maintenanceWindow.start",
    value: "04:00",
    effects: ["update Cluster cluster: maintenancePolicy"],
  },
  { setting: "cluster.maintenanceWindow.hours", value: 6, effects: ["update Cluster cluster: maintenancePolicy"] },
  {
    setting: "cluster.maintenanceWindow.days",
    value: ["MO", "TU"],
    effects: ["update Cluster cluster: maintenancePolicy"],
  },
  {
    setting: "cluster.authorisedNetworks[0].name",
    value: "head office",
    effects: ["update Cluster cluster: masterAuthorizedNetworksConfig"],
  },
  {
    setting: "cluster.authorisedNetworks[0].range",
    value: "203.0.113.0/27",
    effects: ["update Cluster cluster: masterAuthorizedNetworksConfig"],
  },
  {
    setting: "cluster.authorisedNetworks[1]",
    value: { name: "continuous integration", range: "198.51.100.7/32" },
    effects: ["update Cluster cluster: masterAuthorizedNetworksConfig"],
  },
  { setting: "cluster.acknowledgePublicControlPlane", value: true, effects: [] },
  { setting: "cluster.deletionProtection", value: false, effects: ["update Cluster cluster: deletionProtection"] },
  {
    setting: "cluster.network.nodeRange",
    value: "10.10.0.0/19",
    effects: ["update Subnetwork subnetwork: ipCidrRange"],
  },
  {
    setting: "cluster.labels.ring",
    value: "2",
    effects: [
      "update Address egress-address: labels",
      "update Cluster cluster: resourceLabels",
      "update CryptoKey secrets-key: labels",
      "update NodePool nodes: nodeConfig",
      "update Address address: labels",
      "update Disk data-disk: labels",
      "update Instance instance: bootDisk, labels",
      "update ResourcePolicy snapshots: snapshotSchedulePolicy",
      "update Secret bootstrap-password: labels",
      "update Secret certificate: labels",
    ],
  },
];

const RANCHER: readonly SettingEffect[] = [
  { setting: "rancher.version", value: "2.14.5", effects: ["update Instance instance: metadata"] },
  { setting: "rancher.machineType", value: "e2-standard-8", effects: ["update Instance instance: machineType"] },
  { setting: "rancher.dataDiskSizeGb", value: 60, effects: ["update Disk data-disk: size"] },
  {
    setting: "rancher.snapshots.hourUtc",
    value: 3,
    effects: ["update ResourcePolicy snapshots: snapshotSchedulePolicy"],
  },
  {
    setting: "rancher.snapshots.retentionDays",
    value: 30,
    effects: ["update ResourcePolicy snapshots: snapshotSchedulePolicy"],
  },
  { setting: "rancher.networkRange", value: "10.0.0.0/23", effects: ["update Subnetwork subnetwork: ipCidrRange"] },
  {
    setting: "rancher.allowedRanges",
    value: ["203.0.113.0/24", "198.51.100.0/24"],
    effects: ["update Firewall https: sourceRanges"],
  },
  { setting: "rancher.dns.ttlSeconds", value: 60, effects: ["update RecordSet dns-record: ttl"] },
  { setting: "rancher.dns.managedZone", value: "example-com", effects: ["replace RecordSet dns-record: managedZone"] },
  { setting: "rancher.dns.project", value: undefined, effects: ["replace RecordSet dns-record: project"] },
  { setting: "rancher.dns", value: undefined, effects: ["delete RecordSet dns-record"] },
  {
    setting: "rancher.tls.validityDays",
    value: 90,
    effects: ["replace LocallySignedCert certificate: validityPeriodHours"],
    follows: ["replace SecretVersion certificate: secretData", "update Instance instance: metadata"],
  },
  {
    setting: "rancher.tls",
    value: { kind: "letsencrypt" },
    effects: [
      "create Firewall http",
      "delete CertRequest request",
      "delete LocallySignedCert certificate",
      "delete PrivateKey ca-key",
      "delete PrivateKey key",
      "delete Secret certificate",
      "delete SecretIamMember certificate",
      "delete SecretVersion certificate",
      "delete SelfSignedCert ca",
      "update Instance instance: metadata",
      "update rancher2 administrator: caCerts",
      "update rancher2 anonymous: caCerts",
    ],
  },
  {
    setting: "rancher.googleServiceAccountKey",
    value: '{"type":"service_account"}',
    secret: true,
    effects: [
      "delete Account account",
      "delete IAMMember account-compute.viewer",
      "delete IAMMember account-container.admin",
      "delete Key key",
      "update CloudCredential credential: googleCredentialConfig",
    ],
  },
  { setting: "rancher.deletionProtection", value: false, effects: ["update Instance instance: deletionProtection"] },
];

const ACCESS: readonly SettingEffect[] = [
  { setting: "access.project", value: "shop", effects: ["update Project project: name"] },
  {
    setting: "access.users[3]",
    value: { name: "ada" },
    effects: ["create GlobalRoleBinding ada-login", "create RandomPassword ada-password", "create User ada"],
  },
  {
    setting: "access.users[2]",
    value: undefined,
    effects: ["delete GlobalRoleBinding ida-login", "delete RandomPassword ida-password", "delete User ida"],
  },
  { setting: "access.users[0].displayName", value: "Jane Doe", effects: ["update User jane: name"] },
  { setting: "access.users[0].enabled", value: false, effects: ["update User jane: enabled"] },
  { setting: "access.users[1].initialPassword", value: "another battery staple", secret: true, effects: [] },
  {
    setting: "access.roles[2]",
    value: { name: "viewer", context: "cluster", rules: [{ resources: ["nodes"], verbs: ["list"] }] },
    effects: ["create RoleTemplate viewer"],
  },
  {
    setting: "access.roles[0].rules",
    value: [{ apiGroups: ["", "apps"], resources: ["pods/log", "deployments"], verbs: ["get", "list"] }],
    effects: ["update RoleTemplate log-reader: rules"],
  },
  {
    setting: "access.roles[0].context",
    value: "cluster",
    effects: [
      "create ClusterRoleTemplateBinding joe/log-reader",
      "delete ProjectRoleTemplateBinding joe/log-reader",
      "update RoleTemplate log-reader: context",
    ],
  },
  { setting: "access.roles[1]", value: undefined, effects: ["delete RoleTemplate looker-on"] },
  {
    setting: "access.members[3]",
    value: { user: "joe", role: "monitoring-ui-view" },
    effects: ["create ProjectRoleTemplateBinding joe/monitoring-ui-view"],
  },
  {
    setting: "access.members[0].role",
    value: "project-member",
    effects: [
      "create ProjectRoleTemplateBinding jane/project-member",
      "delete ProjectRoleTemplateBinding jane/project-owner",
    ],
  },
  {
    setting: "access.members[2]",
    value: undefined,
    effects: ["delete ProjectRoleTemplateBinding joe/log-reader"],
  },
  {
    setting: "access.members[1].group",
    value: "okta_group://developers",
    effects: [
      "create ClusterRoleTemplateBinding okta_group://developers/cluster-member",
      "delete ClusterRoleTemplateBinding okta_group://operators/cluster-member",
    ],
  },
];

/** Each setting that can change in a stack that is there. */
export const SETTING_EFFECTS: readonly SettingEffect[] = [...CLUSTER, ...RANCHER, ...ACCESS];

/** One setting that would replace what is protected. */
export interface RefusedSetting {
  /** As in {@link SettingEffect}. */
  readonly setting: string;
  readonly value: unknown;
  /** The part whose protection it meets. */
  readonly part: "cluster" | "rancher";
}

/** What would replace the cluster, the VM, its disk or its address. */
export const REFUSED_SETTINGS: readonly RefusedSetting[] = [
  { setting: "cluster.project", value: "other-platform", part: "cluster" },
  { setting: "cluster.region", value: "europe-west4", part: "cluster" },
  { setting: "cluster.availability", value: "zonal", part: "cluster" },
  { setting: "cluster.network.nodeRange", value: "10.12.0.0/20", part: "cluster" },
  { setting: "cluster.network.podRange", value: "10.64.0.0/16", part: "cluster" },
  { setting: "cluster.network.serviceRange", value: "10.31.0.0/20", part: "cluster" },
  { setting: "cluster.network.controlPlaneRange", value: "172.16.1.0/28", part: "cluster" },
  { setting: "rancher", value: undefined, part: "rancher" },
  { setting: "rancher.hostname", value: "rancher.other.example.com", part: "rancher" },
  { setting: "rancher.project", value: "other-rancher", part: "rancher" },
  { setting: "rancher.zone", value: "europe-west3-b", part: "rancher" },
  { setting: "rancher.networkRange", value: "10.0.4.0/24", part: "rancher" },
  { setting: "rancher.dataDiskSizeGb", value: 40, part: "rancher" },
];
