import { type PolicyCase, resource } from "../policy-case";

const schedule = resource("kubernetes:velero.io/v1:Schedule", {
  apiVersion: "velero.io/v1",
  kind: "Schedule",
  metadata: { name: "daily", namespace: "velero" },
  spec: {
    schedule: "30 2 * * *",
    template: {
      includedNamespaces: ["parse"],
      excludedResources: ["events"],
      storageLocation: "outside",
      ttl: "720h",
      defaultVolumesToFsBackup: true,
      snapshotVolumes: false,
    },
  },
});

const location = resource("kubernetes:velero.io/v1:BackupStorageLocation", {
  apiVersion: "velero.io/v1",
  kind: "BackupStorageLocation",
  metadata: { name: "outside", namespace: "velero" },
  spec: { provider: "velero.io/aws", default: false, config: { s3Url: "https://s3.example.com" } },
});

const receivers = resource("kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig", {
  apiVersion: "monitoring.coreos.com/v1alpha1",
  kind: "AlertmanagerConfig",
  metadata: { name: "platform", namespace: "monitoring" },
  spec: { receivers: [{ name: "null" }, { name: "on-call", emailConfigs: [{ to: "on-call@acme.example.com" }] }] },
});

const parse = resource(
  "kubernetes:apps/v1:Deployment",
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "parse-server", namespace: "parse" },
    spec: { replicas: 2, template: { metadata: { labels: { "app.kubernetes.io/name": "parse-server" } }, spec: {} } },
  },
  { parent: "urn:pulumi:prod::onprem-platform::onprem:platform:CustomerPlatform$onprem:parse:ParseServer::parse" },
);

const database = resource(
  "kubernetes:apps/v1:StatefulSet",
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "mongodb", namespace: "parse", labels: { "app.kubernetes.io/name": "mongodb" } },
    spec: {
      template: { metadata: { labels: { "app.kubernetes.io/name": "mongodb" } }, spec: {} },
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    },
  },
  { parent: "urn:pulumi:prod::onprem-platform::onprem:platform:CustomerPlatform$onprem:parse:ParseServer::parse" },
);

const monitor = resource("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata: { name: "parse", namespace: "monitoring" },
  spec: { namespaceSelector: { matchNames: ["parse"] } },
});

const rancher = resource("pulumi:providers:rancher2", { apiUrl: "https://rancher.acme.example.com" });

const exception = {
  policy: "images-pinned",
  resource: "server",
  reason: "The vendor has no tags, decided by J. Doe",
  expires: "2026-12-31",
};

const platform = resource("onprem:platform:CustomerPlatform", {
  customer: "acme",
  policy: { production: true, exceptions: [exception], allowedRegistries: [], allowedRegions: [] },
});

const quietPlatform = resource("onprem:platform:CustomerPlatform", { customer: "acme", policy: { exceptions: [] } });

const versions = resource("onprem:platform:VersionRecord", {
  from: { kubernetes: "1.34", parse: "9.9.0" },
  to: { kubernetes: "1.36", parse: "9.10.0", rancher: "2.15.0" },
  changedAt: "2026-11-20T08:00:00.000Z",
  backup: { name: "drill-1", completedAt: "2026-11-20T02:00:00.000Z" },
  overrides: [],
  maximumBackupAgeHours: 26,
});

/** Cases of the policies on the platform as a whole. Their present is 2026-11-25. */
export const platformCases: Readonly<Record<string, PolicyCase>> = {
  "backup-scheduled": {
    compliant: [schedule, location, parse, database],
    violating: [
      { set: "spec.paused", to: true, found: "onprem:backup.schedules" },
      { of: 1, set: "spec.config.s3Url", to: "http://minio.velero.svc:9000", found: "spec.template.storageLocation" },
      { of: 1, set: "spec.accessMode", to: "ReadOnly", found: "spec.template.storageLocation" },
      { set: "spec.template.storageLocation", to: undefined },
      { set: "spec.template.storageLocation", to: "elsewhere" },
      { set: "spec.template.includedNamespaces", to: ["default", "app-*"] },
      { set: "spec.template.excludedNamespaces", to: ["p*"] },
      { set: "spec.template.includedResources", to: ["configmaps", "secrets", "po"] },
      { set: "spec.template.includedNamespaceScopedResources", to: ["deployments.apps"] },
      { set: "spec.template.excludedResources", to: ["pvc"] },
      { set: "spec.template.excludedResources", to: ["*"] },
      { set: "spec.template.excludedNamespaceScopedResources", to: ["statefulsets.apps"] },
      { set: "spec.template.labelSelector", to: { matchLabels: { tier: "web" } } },
      { set: "spec.template.orLabelSelectors", to: [{ matchLabels: { "app.kubernetes.io/name": "mongodb" } }] },
      { set: "spec.template.defaultVolumesToFsBackup", to: false },
      { set: "spec.template.defaultVolumesToFsBackup", to: undefined },
      { set: "spec.schedule", to: "1 1 29 2 *" },
      { set: "spec.schedule", to: "0 3 1 * *" },
      { set: "spec.schedule", to: "0 0 31 2 *" },
      { set: "spec.schedule", to: "every day" },
      { set: "spec.template.ttl", to: "23h" },
    ],
    unknown: "spec.template.storageLocation",
  },
  "alert-receiver": {
    compliant: [receivers],
    violating: [{ set: "spec.receivers", to: [{ name: "null" }], found: "onprem:monitoring.receivers" }],
    unknown: "spec.receivers",
  },
  "monitoring-covers-components": {
    compliant: [parse, monitor],
    violating: [
      { of: 1, set: "spec.namespaceSelector.matchNames", to: ["velero"], found: "metadata.namespace" },
      { of: 1, set: "kind", to: "PrometheusRule", found: "metadata.namespace" },
    ],
    // The name of a namespace is always known: the settings give it. Then there is nothing to be judged yet.
    unknown: "metadata.namespace",
    unknownIsPassedOver: true,
  },
  "retention-limited": {
    compliant: [schedule],
    violating: [
      { set: "spec.template.ttl", to: "1h" },
      { set: "spec.template.ttl", to: "99999h" },
      { set: "spec.template.ttl", to: undefined },
      { set: "spec.template.ttl", to: "for ever" },
    ],
    unknown: "spec.template.ttl",
  },
  "rancher-verified": {
    compliant: [rancher],
    violating: [
      { set: "insecure", to: true },
      { set: "insecure", to: "true" },
    ],
    unknown: "insecure",
  },
  "exceptions-current": {
    compliant: [platform],
    violating: [
      { set: "policy.exceptions[0].expires", to: "2026-11-24", found: "policy.exceptions[0]" },
      { set: "policy.exceptions[0].policy", to: "images-pined", found: "policy.exceptions[0]" },
    ],
    unknown: "policy.exceptions[0].expires",
  },
  "exceptions-shown": {
    compliant: [quietPlatform],
    violating: [{ set: "policy.exceptions[0]", to: exception }],
    unknown: "policy.exceptions",
  },
  "overrides-shown": {
    compliant: [versions],
    violating: [
      {
        set: "overrides",
        to: [{ gate: "kubernetes-minor-skipped", reason: "A cluster made anew, J. Doe", expires: "2026-11-30" }],
        found: "to.kubernetes",
      },
    ],
    unknown: "changedAt",
  },
  "releases-supported": {
    compliant: [versions],
    violating: [
      { set: "to.kubernetes", to: "1.33" },
      { set: "to.kubernetes", to: "1.34" },
    ],
    unknown: "to.kubernetes",
  },
};
