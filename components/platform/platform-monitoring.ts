/** Arguments of the component `Monitoring`, from the settings. */
import * as pulumi from "@pulumi/pulumi";
import { longestPauseHours } from "../grammars/cron-times";
import type { MonitoringArgs, RancherApp, StackChart, Watched } from "../monitoring/args";
import { RANCHER_NAMESPACE } from "../monitoring/names";
import { PARSE_PORT, publicUrl, RELEASE_NAME } from "../parse/values";
import { chartSource } from "../releases/chart-source";
import { prometheusStack } from "../releases/prometheus";
import type { ReadReleaseFile } from "../releases/release-file";
import { image, images, rancherLines } from "../releases/releases";
import type { MonitoringSettings, Settings } from "../settings";
import { DRILL_PASSED } from "./drill-record";
import type { ManagedCluster } from "./managed-cluster";

/** One backup may be missed; the next one takes up to an hour. */
const MISSED_BACKUPS = 2;
const BACKUP_HOURS = 1;

/** Arguments of the component `Monitoring`; `undefined` where the settings ask for none. */
export function monitoringArgs(
  settings: Settings,
  { cluster, registration }: ManagedCluster,
  read: ReadReleaseFile,
): MonitoringArgs | undefined {
  const { customer, monitoring, site, sources } = settings;
  if (!monitoring) return undefined;
  return {
    ...monitoring,
    customer,
    namespaces: site.namespaces,
    namespace: registration ? RANCHER_NAMESPACE : monitoring.namespace,
    source: registration ? rancherApp(settings, monitoring, registration) : stackChart(settings, monitoring, read),
    blackboxImage: image(images.blackboxExporter, sources),
    imageRegistry: sources.images,
    imagePullCredentials: sources.imagePullCredentials,
    watched: watchedOf(settings),
    api: () => cluster.api(),
  };
}

/** The parts of a stack that are watched. */
export function watchedOf({ backup, gitops, parse }: Settings): Watched {
  return {
    parse: {
      namespace: parse.namespace,
      name: RELEASE_NAME,
      port: PARSE_PORT,
      mountPath: parse.mountPath,
      publicUrl: publicUrl(parse),
    },
    databaseInCluster: parse.database.kind !== "external",
    backup: backup && {
      namespace: backup.namespace,
      schedules: backup.schedules.map(({ name, cron }) => ({ name, maximumAgeHours: maximumAgeHours(cron) })),
      drill: { passed: DRILL_PASSED, maximumAgeDays: backup.drill.maximumAgeDays },
    },
    gitops: gitops && { namespace: gitops.namespace, imageAutomation: gitops.imageAutomation !== undefined },
  };
}

/** How old the last good backup of a schedule may be, whole hours. */
export function maximumAgeHours(cron: string): number {
  const pause = longestPauseHours(cron) ?? UNREADABLE_HOURS;
  return Math.ceil(MISSED_BACKUPS * pause) + BACKUP_HOURS;
}

/** The settings refuse what Velero can't read; should such a line come here all the same, somebody is told within days. */
const UNREADABLE_HOURS = 24;

function stackChart({ sources }: Settings, { chartVersion }: MonitoringSettings, read: ReadReleaseFile): StackChart {
  const { chart, definitions, repository, version } = prometheusStack;
  return {
    kind: "stack",
    ...chartSource(chart, chartVersion ?? version, repository, sources.charts, pulumi.getRootDirectory()),
    definitions: Object.fromEntries(
      Object.entries(definitions).map(([kind, file]) => [kind, pulumi.output(read(file))]),
    ),
  };
}

function rancherApp(
  { rancher }: Settings,
  { chartVersion }: MonitoringSettings,
  { clusterId, systemProjectId }: NonNullable<ManagedCluster["registration"]>,
): RancherApp {
  const line = rancherLines.find(({ line: name }) => rancher?.version.startsWith(`${name}.`));
  return { kind: "rancher", clusterId, projectId: systemProjectId, version: chartVersion ?? line?.monitoringChart };
}
