import { type PolicyMutation, program, settings } from "./mutation";

const record = 'VersionRecord "versions"';
const platform = 'CustomerPlatform "acme"';
const reason = "Decided by J. Doe for a test";

/** A stack that comes from versions of long ago. */
function comesFrom(versions: Record<string, string>) {
  const history = { current: versions, changedAt: "2026-01-01T00:00:00.000Z", overrides: [] };
  return program(
    "index",
    "lastVersions: last.apply(import_last_outputs.lastHistory)",
    `lastVersions: ${JSON.stringify(history)}`,
  );
}

const fromLongAgo = comesFrom({
  kubernetes: "1.31",
  rancher: "2.14.4",
  parse: "7.0.0",
  mongodb: "6.0.1",
  flux: "2.9.5",
});
const oldKubernetes = settings(({ cluster }) => {
  cluster.kubernetesVersion = "1.34";
});
const withoutMonitoring = settings((sections) => {
  sections.monitoring = undefined;
});

/** One line for each policy on the platform as a whole, and for each gate. */
export const platformMutations: readonly PolicyMutation[] = [
  {
    finds: "backups that go nowhere",
    policy: "backup-scheduled",
    on: 'Schedule "schedule-daily"',
    property: "spec.template.storageLocation",
    mutation: program("components/backup/locations", "storageLocation: location,", 'storageLocation: "nowhere",'),
  },
  {
    finds: "alerts that nobody gets",
    policy: "alert-receiver",
    on: "the stack",
    property: "onprem:monitoring.receivers",
    mutation: withoutMonitoring,
  },
  {
    finds: "a component that nobody watches",
    policy: "monitoring-covers-components",
    on: 'Release "release"',
    property: "metadata.namespace",
    mutation: withoutMonitoring,
  },
  {
    finds: "backups that are gone too soon",
    policy: "retention-limited",
    on: 'Schedule "schedule-hourly"',
    property: "spec.template.ttl",
    mutation: settings(({ backup }) => {
      (backup.schedules as { retention: string }[]).splice(0, 1, {
        ...(backup.schedules as { retention: string }[])[0],
        retention: "12h",
      });
    }),
  },
  {
    finds: "a name that does not say whose it is",
    policy: "names-carry-customer",
    on: 'Account "nodes"',
    property: "accountId",
    mutation: program(
      "components/cluster/gke-cluster",
      'accountId: (0, import_names_and_labels.serviceAccountId)("gke-nodes", customer)',
      'accountId: "gke-nodes"',
    ),
  },
  {
    finds: "a Rancher that anybody may play",
    policy: "rancher-verified",
    on: 'rancher2 "anonymous"',
    property: "insecure",
    mutation: program("components/rancher/rancher-server", "bootstrap: true", "bootstrap: true, insecure: true"),
  },
  {
    finds: "a release that gets no fixes any more",
    policy: "releases-supported",
    on: record,
    property: "to.kubernetes",
    mutation: oldKubernetes,
  },
  {
    finds: "an exception that has expired",
    policy: "exceptions-current",
    on: platform,
    property: "policy.exceptions[0]",
    mutation: settings(({ policy }) => {
      policy.exceptions = [{ policy: "images-pinned", resource: "release", reason, expires: "2026-01-01" }];
    }),
  },
  {
    finds: "a step over several minors of Kubernetes",
    policy: "kubernetes-minor-skipped",
    on: record,
    property: "to.kubernetes",
    mutation: fromLongAgo,
  },
  {
    finds: "a Rancher that does not know this Kubernetes",
    policy: "rancher-kubernetes-pair",
    on: record,
    property: "to.kubernetes",
    mutation: program("components/platform/versions", "{ rancher: rancher.version }", '{ rancher: "2.12.12" }'),
  },
  {
    finds: "a step over a major of MongoDB",
    policy: "mongodb-major",
    on: record,
    property: "to.mongodb",
    mutation: fromLongAgo,
  },
  {
    finds: "a step over a major of Parse Server",
    policy: "parse-major-skipped",
    on: record,
    property: "to.parse",
    mutation: fromLongAgo,
  },
  {
    finds: "a Flux that does not know the kinds that are there",
    policy: "flux-minor-lowered",
    on: record,
    property: "to.flux",
    mutation: program("components/platform/versions", "gitops ? { flux: gitops.version } : {}", '{ flux: "2.8.4" }'),
  },
  {
    finds: "an upgrade to what is past its end of life",
    policy: "end-of-life",
    on: record,
    property: "to.kubernetes",
    mutation: oldKubernetes,
  },
  {
    finds: "an upgrade without a proven backup",
    policy: "backup-verified",
    on: record,
    property: "backup",
    mutation: fromLongAgo,
  },
];

/** The first is refused by a gate, the second by one that {@link shownMutations} opens. */
const fromOldMajors = comesFrom({ postgresql: "14", parse: "7.0.0" });

/** What the settings allow is shown. On the stack dev: what is shown is a closed gate that they have opened. */
export const shownMutations: readonly PolicyMutation[] = [
  {
    finds: "an exception that is in force",
    policy: "exceptions-shown",
    on: 'CustomerPlatform "dev"',
    property: "policy.exceptions[0]",
    mutation: settings(({ policy }) => {
      policy.exceptions = [{ policy: "images-pinned", resource: "nothing", reason, expires: "2099-12-31" }];
    }),
  },
  {
    finds: "a PostgreSQL that cannot open the files that are there",
    policy: "postgresql-major",
    on: record,
    property: "to.postgresql",
    mutation: fromOldMajors,
  },
  {
    finds: "a closed gate that the settings have opened",
    policy: "overrides-shown",
    on: record,
    property: "to.parse",
    mutation: settings(({ policy }) => {
      policy.overrides = [{ gate: "parse-major-skipped", reason, expires: "2099-12-31" }];
    }),
  },
];
