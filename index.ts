import "./components/errors/supported-node";
import * as pulumi from "@pulumi/pulumi";
import { requireAnswer } from "./components/kubernetes/require-answer";
import { verifiedBackupReader } from "./components/platform/drill-record";
import { lastHistory, lastOutputs, lastReleaserOfParse } from "./components/platform/last-outputs";
import { CustomerPlatform } from "./components/platform/platform";
import { platformVersion } from "./components/platform/platform-version";
import { loadSettings } from "./components/settings";

const settings = loadSettings();
const last = lastOutputs();
const platform = new CustomerPlatform(settings.customer, {
  settings,
  requireAnswer,
  lastVersions: last.apply(lastHistory),
  lastReleasedBy: last.apply(lastReleaserOfParse),
  lastPlacement: last.placement,
  lastRepositoryPassword: pulumi.secret(last.apply(({ backup }) => backup?.repositoryPassword)),
  readVerifiedBackup: verifiedBackupReader(settings, last),
});

/** The customer whose platform this stack is. */
export const customer = settings.customer;
/** Parse Server: where it is and what clients need. */
export const parse = {
  namespace: platform.parse.namespace,
  service: platform.parse.serviceName,
  internalUrl: platform.parse.internalUrl,
  publicUrl: platform.parse.publicUrl,
  applicationId: platform.parse.applicationId,
  masterKey: platform.parse.masterKey,
  clientKeys: platform.parse.clientKeys,
};
/** The kubeconfig that leads to the cluster (secret). */
export const kubeconfig = platform.cluster.kubeconfig;
/** How to look into the cluster from a desk: a shell, logs, a port, Rancher. */
export const remoteAccess = platform.remoteAccess;
/** Backups: where they are, when they are made, and the password to put into escrow; null where there are none. */
export const backup = platform.backup
  ? {
      namespace: platform.backup.namespace,
      locations: platform.backup.locations,
      schedules: platform.backup.schedules,
      repositoryPassword: platform.backup.repositoryPassword,
      escrow: platform.backup.escrow,
    }
  : null;
/** Flux: where it is, what it follows, and what to register at the Git servers; null where there is none. */
export const gitops = platform.gitops
  ? {
      namespace: platform.gitops.namespace,
      repositories: platform.gitops.repositories,
      receiver: platform.gitops.receiver,
    }
  : null;
/** Monitoring: where it is, who is told, and how Grafana's administrator logs in; null where there is none. */
export const monitoring = platform.monitoring
  ? {
      namespace: platform.monitoring.namespace,
      services: platform.monitoring.services,
      receivers: platform.monitoring.receivers,
      grafanaPassword: platform.monitoring.grafanaPassword,
    }
  : null;
/** Rancher: where it is and how its administrator logs in; null where there is none. */
export const rancher = platform.rancher
  ? {
      url: platform.rancher.url,
      address: platform.rancher.address,
      adminPassword: platform.rancher.adminPassword,
      caCertificate: platform.rancher.caCertificate,
      initialPasswords: platform.access?.initialPasswords,
    }
  : null;
/**
 * Versions of what is delivered: current, previous, and what the last change relied on, which the next run reads; beside
 * them `platform`, the release of this program.
 */
export const versions = platform.versions.apply((history) => ({ ...history, platform: platformVersion() }));
/** Who installs and upgrades what. The next run reads it. */
export const releasedBy = { parse: platform.parse.releasedBy };
/** Where the protected parts are: the next run refuses settings that would replace them. */
export const placement = platform.placement;
