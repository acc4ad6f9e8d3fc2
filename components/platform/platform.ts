import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { BackupImages } from "../backup/args";
import type { Backup } from "../backup/backup";
import type { RequireAnswer } from "../cluster/existing-cluster";
import type { GitOps } from "../gitops/gitops";
import type { Monitoring } from "../monitoring/monitoring";
import type { ParseImages, ReleasedBy } from "../parse/args";
import { ParseServer } from "../parse/parse-server";
import type { RancherAccess } from "../rancher/access";
import type { RancherServer } from "../rancher/rancher-server";
import { type ReadReleaseFile, releaseFileReader } from "../releases/release-file";
import { fluxManifest, fluxNotificationApi, image, images, velero } from "../releases/releases";
import type { Settings } from "../settings";
import type { ManagedCluster, PlatformCluster } from "./managed-cluster";
import { optional } from "./optional-domains";
import { type Placement, placementOf, requirePlacement } from "./placement";
import { checkSurroundings, createCluster } from "./platform-cluster";
import { type RemoteAccess, remoteAccess } from "./remote-access";
import { requireSamePassword } from "./repository-password";
import { heldBackBy, type ReadVerifiedBackup, VersionRecord } from "./version-record";
import { type VersionHistory, versionsOf } from "./versions";

/** Arguments of {@link CustomerPlatform}. */
export interface CustomerPlatformArgs {
  /** The stack's settings, checked. */
  readonly settings: Settings;
  /** Called to see whether an existing cluster answers before anything is made in it. Absent: it is not asked. */
  readonly requireAnswer?: RequireAnswer;
  /** The stack's output `versions` as the last run left it. Absent: nothing, as on a first run. */
  readonly lastVersions?: pulumi.Input<VersionHistory | undefined>;
  /** Who released Parse in the last run. Absent: nobody, as on a first run. */
  readonly lastReleasedBy?: pulumi.Input<ReleasedBy | undefined>;
  /** The stack's output `placement` as the last run left it. Absent: nothing, as on a first run. */
  readonly lastPlacement?: pulumi.Input<Placement | undefined>;
  /** Password of the backups' repositories as the last run left it. Absent: nothing, as on a first run. */
  readonly lastRepositoryPassword?: pulumi.Input<string | undefined>;
  /** Asked, when versions change, for the backup that a drill proved with the deployed ones. Absent: there is none. */
  readonly readVerifiedBackup?: ReadVerifiedBackup;
  /** Gives the files of releases. Absent: from the mirror of the settings, else from their publishers. */
  readonly readReleaseFile?: ReadReleaseFile;
}

/** Everything that one customer gets. The only place where components meet. */
export class CustomerPlatform extends pulumi.ComponentResource {
  /** What the next run needs to know of versions, for the stack's output `versions`. */
  readonly versions: pulumi.Output<VersionHistory>;
  /** Where the protected parts are, for the stack's output `placement`. */
  readonly placement: pulumi.Output<Placement>;
  /** The customer's cluster. */
  readonly cluster: PlatformCluster;
  /** The Rancher server; `undefined` where the settings have none. */
  readonly rancher: RancherServer | undefined;
  /** The customer's Parse Server. */
  readonly parse: ParseServer;
  /** Velero and its stores; `undefined` where the settings ask for no backup. */
  readonly backup: Backup | undefined;
  /** Flux and what it follows; `undefined` where the settings ask for no agents. */
  readonly gitops: GitOps | undefined;
  /** Prometheus, Alertmanager, Grafana; `undefined` where the settings ask for no monitoring. */
  readonly monitoring: Monitoring | undefined;
  /** People and what they may do in Rancher; `undefined` where the settings name none. */
  readonly access: RancherAccess | undefined;
  /** How to look into the cluster from a desk: commands and addresses. */
  readonly remoteAccess: pulumi.Output<RemoteAccess>;

  /**
   * @throws KubeconfigError when the kubeconfig of an existing cluster is not there, or GKE cannot be logged in to
   * @throws RancherLoginError when the environment speaks for another Rancher
   * @throws ProtectedReplacementError (asynchronously) when the settings would replace what is protected
   * @throws RepositoryPasswordError (asynchronously) when the settings would change the password of backups that are there
   */
  constructor(name: string, args: CustomerPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { lastPlacement, settings } = args;
    checkSurroundings(settings, process.env);
    const placement = pulumi.output(lastPlacement).apply((last) => requirePlacement(placementOf(settings), last));
    let record: VersionRecord | undefined;
    const heldBack = pulumi.mergeOptions(opts, { transformations: [heldBackBy(() => record)] });
    const agreed = pulumi.all([placement, samePassword(args)]).apply(([place]) => place);
    super("onprem:platform:CustomerPlatform", name, policyFacts(settings, agreed), heldBack);
    this.placement = placement;
    record = this.recordVersions(args);
    const managed = createCluster(settings, this, args.requireAnswer);
    this.cluster = managed.cluster;
    this.rancher = managed.rancher;
    this.parse = this.createParse(args, managed);
    this.monitoring = this.createMonitoring(args, managed);
    this.backup = this.createBackup(args, managed);
    this.gitops = this.createGitOps(args, managed);
    this.access = this.createAccess(settings, managed);
    // What each part says that it runs: a part that this run leaves as it is says what it ran before.
    this.versions = record.after(
      this.parse.running,
      { kubernetes: managed.kubernetesVersion },
      { rancher: managed.rancher?.version },
      { velero: this.backup?.velero.version },
      { flux: this.gitops?.fluxVersion },
    );
    this.remoteAccess = pulumi
      .all([this.parse.namespace, this.parse.serviceName, managed.registration?.clusterId])
      .apply(([namespace, service, clusterId]) =>
        remoteAccess({ customer: settings.customer, namespace, service, rancherUrl: this.rancher?.url, clusterId }),
      );
    this.registerOutputs({});
  }

  private recordVersions(args: CustomerPlatformArgs): VersionRecord {
    const { settings, lastVersions: last, readVerifiedBackup } = args;
    const { maximumBackupAgeHours, overrides } = settings.policy;
    const versions = { next: versionsOf(settings), last, overrides, maximumBackupAgeHours, readVerifiedBackup };
    return new VersionRecord("versions", versions, { parent: this });
  }

  private createParse(
    { settings, lastReleasedBy }: CustomerPlatformArgs,
    { cluster, foundation }: ManagedCluster,
  ): ParseServer {
    const { backup, customer, gitops, parse, sources } = settings;
    return new ParseServer(
      "parse",
      {
        ...parse,
        customer,
        images: parseImages(settings),
        imagePullCredentials: sources.imagePullCredentials,
        protectData: parse.deletionProtection,
        consistentCopies: backup ? backup.databaseHooks : false,
        copyTimeouts: backup && { hook: backup.timeouts.hooks, copy: backup.timeouts.fileSystemBackup },
        // Without Flux nobody else could.
        releasedBy: gitops ? gitops.parseReleasedBy : "program",
        lastReleasedBy,
        api: () => cluster.api(),
      },
      { parent: this, providers: { kubernetes: cluster.provider }, dependsOn: foundation },
    );
  }

  private createBackup(
    { lastRepositoryPassword, settings, readReleaseFile }: CustomerPlatformArgs,
    { cluster, foundation }: ManagedCluster,
  ): Backup | undefined {
    const { backup, customer, sources } = settings;
    if (!backup) return undefined;
    const read = readerOf(settings, readReleaseFile);
    const definitions = Object.fromEntries(
      Object.entries(velero.definitions).map(([kind, file]) => [kind, pulumi.output(read(file))]),
    );
    const { Backup } = optional.backup();
    return new Backup(
      "backup",
      {
        ...backup,
        customer,
        applicationNamespace: this.parse.namespace,
        images: backupImages(settings),
        definitions,
        lastRepositoryPassword,
        clusterProject: clusterProject(settings),
        imagePullCredentials: sources.imagePullCredentials,
        api: () => cluster.api(),
        startsAfter: this.monitoring ? this.monitoring.definitions : [],
      },
      {
        parent: this,
        providers: { kubernetes: cluster.provider, ...this.bucketProvider(settings) },
        dependsOn: foundation,
      },
    );
  }

  private createMonitoring(args: CustomerPlatformArgs, managed: ManagedCluster): Monitoring | undefined {
    if (!args.settings.monitoring) return undefined;
    const monitoring = optional
      .monitoringArgs()
      .monitoringArgs(args.settings, managed, readerOf(args.settings, args.readReleaseFile));
    if (!monitoring) return undefined;
    const { cluster, foundation, rancher } = managed;
    const { Monitoring } = optional.monitoring();
    return new Monitoring("monitoring", monitoring, {
      parent: this,
      providers: { kubernetes: cluster.provider, ...(rancher ? { rancher2: rancher.provider } : {}) },
      dependsOn: foundation,
    });
  }

  /** After the application: what Git holds may build on it. After Velero too, which must not meet Flux's kinds as it starts. */
  private createGitOps(
    { settings, readReleaseFile }: CustomerPlatformArgs,
    { cluster, foundation }: ManagedCluster,
  ): GitOps | undefined {
    const { customer, gitops, sources } = settings;
    if (!gitops) return undefined;
    const read = readerOf(settings, readReleaseFile);
    const { GitOps } = optional.gitops();
    return new GitOps(
      "gitops",
      {
        ...gitops,
        customer,
        notificationApi: fluxNotificationApi(gitops.version),
        manifest: pulumi.output(read(fluxManifest(gitops.version, gitops.manifestSha256))),
        imageMirror: sources.images,
        imagePullCredentials: sources.imagePullCredentials,
        nodeImage: image(images.parseServer, sources, settings.parse.version),
        api: () => cluster.api(),
      },
      {
        parent: this,
        providers: { kubernetes: cluster.provider },
        dependsOn: [...foundation, this.parse, ...(this.backup ? [this.backup.velero] : [])],
      },
    );
  }

  /** Where buckets are made; nothing where there are none. */
  private bucketProvider(settings: Settings): { gcp?: gcp.Provider } {
    const bucket = settings.backup?.locations.find((location) => location.kind === "gcs");
    if (!bucket) return {};
    const { Provider } = optional.google();
    return { gcp: new Provider("backup-google", { project: bucket.project }, { parent: this }) };
  }

  private createAccess(
    { access }: Settings,
    { cluster, rancher, registration }: ManagedCluster,
  ): RancherAccess | undefined {
    if (!access || !rancher || !registration) return undefined;
    const { clusterId, systemProjectId } = registration;
    const { RancherAccess } = optional.rancherAccess();
    return new RancherAccess(
      "access",
      { ...access, clusterId, systemProjectId, namespaces: { parse: this.parse.namespace } },
      { parent: this, providers: { rancher2: rancher.provider, kubernetes: cluster.provider } },
    );
  }
}

/** Reader for release files: the injected one, else one of the mirror or the publisher. */
function readerOf({ sources }: Settings, injected: ReadReleaseFile | undefined): ReadReleaseFile {
  return injected ?? releaseFileReader(sources.manifests, pulumi.getRootDirectory());
}

/** Known, and no secret, once the password of the backups is the one of the last run. */
function samePassword({ lastRepositoryPassword, settings }: CustomerPlatformArgs): pulumi.Output<boolean> {
  const passwords = pulumi.all([settings.backup?.repositoryPassword, lastRepositoryPassword]);
  return pulumi.unsecret(
    passwords.apply(([given, last]) => {
      requireSamePassword(given, last);
      return true;
    }),
  );
}

/** What policies must know of the settings; they see a component's inputs, and nothing of this is secret. */
function policyFacts({ customer, parse, policy, sources }: Settings, placement: pulumi.Output<Placement>) {
  // Without its inputs the platform is not registered, and without the platform nothing of it is.
  return {
    customer: placement.apply(() => customer),
    applicationNamespace: parse.namespace,
    policy,
    imageMirror: sources.images,
  };
}

function backupImages({ backup, parse, sources }: Settings): BackupImages {
  return {
    velero: image(images.velero, sources, backup && `v${backup.version}`),
    pluginForAws: image(images.veleroPluginForAws, sources),
    pluginForGcp: image(images.veleroPluginForGcp, sources),
    minio: image(images.minio, sources),
    seaweedfs: image(images.seaweedfs, sources),
    versitygw: image(images.versitygw, sources),
    // Parse Server's, which the site has already.
    node: image(images.parseServer, sources, parse.version),
  };
}

function clusterProject({ cluster }: Settings): string | undefined {
  return cluster.kind === "gke" ? cluster.project : undefined;
}

function parseImages({ parse, sources }: Settings): ParseImages {
  const { database, dashboard } = parse;
  return {
    parseServer: image(images.parseServer, sources, parse.version),
    parseDashboard: image(images.parseDashboard, sources, dashboard.version),
    mongodb: image(images.mongodb, sources, database.kind === "mongodb" ? database.version : undefined),
    postgresql: image(images.postgresql, sources, database.kind === "postgresql" ? database.version : undefined),
  };
}
