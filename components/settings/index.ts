import type { Settings } from "./validate";

export { loadSettings } from "./loader";
export { type Problem, SettingsError } from "./problems";
export { parseSettings, type Settings, type SettingsContext } from "./validate";

/** The cluster, by `kind`. */
export type ClusterSettings = Settings["cluster"];
/** The Rancher server. */
export type RancherSettings = NonNullable<Settings["rancher"]>;
/** Users, roles and memberships in Rancher. */
export type AccessSettings = NonNullable<Settings["access"]>;
/** Prometheus, Alertmanager, Grafana. */
export type MonitoringSettings = NonNullable<Settings["monitoring"]>;
/** Parse Server, its database and its dashboard. */
export type ParseSettings = Settings["parse"];
/** Parse's database, by `kind`. */
export type ParseDatabaseSettings = ParseSettings["database"];
/** Flux. */
export type GitOpsSettings = NonNullable<Settings["gitops"]>;
/** Velero, its stores and the drill. */
export type BackupSettings = NonNullable<Settings["backup"]>;
/** Where artefacts come from. */
export type SourcesSettings = Settings["sources"];
/** Exceptions, overrides and thresholds of policies. */
export type PolicySettings = Settings["policy"];
