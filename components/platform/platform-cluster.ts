/** The cluster, and the Rancher that manages it: all that has to be there before anything runs in it. */
import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { ExistingCluster, type ExistingClusterArgs, type RequireAnswer } from "../cluster/existing-cluster";
import type { GkeNetwork } from "../cluster/gke-network";
import { readKubeconfig, requireGkePlugin } from "../kubernetes/kubeconfig";
import type { RancherServer } from "../rancher/rancher-server";
import type { RancherRegistration, RancherRegistrationArgs } from "../rancher/registration";
import { image, images } from "../releases/releases";
import type { ClusterSettings, RancherSettings, Settings } from "../settings";
import type { ManagedCluster } from "./managed-cluster";
import { optional } from "./optional-domains";

type GkeSettings = Extract<ClusterSettings, { kind: "gke" }>;
type ExistingSettings = Extract<ClusterSettings, { kind: "existing" }>;

/**
 * Refuses what would fail only after much has been created.
 * @throws KubeconfigError when GKE cannot be logged in to
 * @throws RancherLoginError when the environment speaks for another Rancher
 */
export function checkSurroundings({ cluster, rancher }: Settings, environment: NodeJS.ProcessEnv): void {
  if (cluster.kind === "gke") requireGkePlugin(environment.PATH ?? "");
  if (rancher) optional.rancherServer().refuseRancherEnvironment(environment);
}

/**
 * Makes the cluster and its Rancher as children of the platform. What the two need of one another goes one way: the
 * network's address to Rancher's firewall, Rancher's address to the cluster's authorised networks.
 * @throws KubeconfigError when the kubeconfig of an existing cluster is not there
 */
export function createCluster(
  settings: Settings,
  parent: pulumi.Resource,
  requireAnswer?: RequireAnswer,
): ManagedCluster {
  const { cluster } = settings;
  const factory = new ClusterFactory(settings, parent);
  return cluster.kind === "existing" ? factory.existing(cluster, requireAnswer) : factory.gke(cluster);
}

/** Makes the parts of a cluster and its Rancher for one customer's settings. */
class ClusterFactory {
  private readonly googleProviders = new Map<string, gcp.Provider>();

  constructor(
    private readonly settings: Settings,
    private readonly parent: pulumi.Resource,
  ) {}

  existing(existing: ExistingSettings, requireAnswer?: RequireAnswer): ManagedCluster {
    const { context, kubeconfig: path = "", kubeconfigContents } = existing;
    const kubeconfig = kubeconfigContents ?? readKubeconfig(pulumi.getRootDirectory(), path, context);
    const cluster = this.cluster(kubeconfig, { context, requireAnswer });
    const { rancher: rancherSettings } = this.settings;
    if (!rancherSettings) return { cluster, foundation: [] };
    const rancher = this.rancher(rancherSettings, []);
    const { version } = rancherSettings;
    const registration = this.register(rancher, {
      kind: "own",
      provider: cluster.provider,
      url: rancher.url,
      image: image(images.rancherAgent, this.settings.sources, `v${version}`),
      caCertificate: rancher.caCertificate,
    });
    return { cluster, rancher, registration, foundation: [registration.sync] };
  }

  gke(gke: GkeSettings): ManagedCluster {
    const network = this.network(gke);
    const { customer, rancher: rancherSettings } = this.settings;
    const rancher = rancherSettings && this.rancher(rancherSettings, [network.egressAddress]);
    const { GkeCluster } = optional.gkeCluster();
    const cluster = new GkeCluster(
      "cluster",
      {
        ...gke,
        customer,
        place: network.place,
        controlPlaneRange: gke.network.controlPlaneRange,
        authorisedNetworks: this.authorisedNetworks(gke, rancher),
      },
      // Rancher's VM goes after the cluster that it manages.
      { ...this.google(gke.project), dependsOn: rancher ? [rancher.instance] : [] },
    );
    const { kubernetesVersion } = cluster;
    if (!rancher) return { cluster, kubernetesVersion, foundation: [] };
    const imported = {
      kind: "importedGke",
      project: gke.project,
      location: cluster.location,
      regional: gke.availability === "regional",
      name: cluster.clusterName,
      serviceAccountKey: rancherSettings?.googleServiceAccountKey,
    } as const;
    // Rancher forgets the cluster, and its key to Google Cloud, before the cluster goes.
    const registration = this.register(rancher, imported, [cluster]);
    return { cluster, kubernetesVersion, rancher, registration, foundation: [registration.sync] };
  }

  private cluster(
    kubeconfig: pulumi.Input<string>,
    more: Pick<ExistingClusterArgs, "context" | "requireAnswer">,
  ): ExistingCluster {
    const { customer } = this.settings;
    return new ExistingCluster("cluster", { customer, kubeconfig, ...more }, { parent: this.parent });
  }

  private network({ network, project, region, labels }: GkeSettings): GkeNetwork {
    const { customer } = this.settings;
    const { GkeNetwork } = optional.gkeNetwork();
    return new GkeNetwork("cluster-network", { customer, region, labels, ...network }, this.google(project));
  }

  private rancher(rancher: RancherSettings, clusterAddresses: pulumi.Output<string>[]): RancherServer {
    const { cluster, customer, sources } = this.settings;
    const ofCluster = cluster.kind === "gke" ? cluster : undefined;
    const { project } = rancher;
    const { RancherServer } = optional.rancherServer();
    return new RancherServer(
      "rancher",
      {
        ...rancher,
        customer,
        clusterAddresses,
        image: image(images.rancher, sources, `v${rancher.version}`),
        labels: ofCluster ? ofCluster.labels : {},
      },
      this.google(project),
    );
  }

  private register(
    rancher: RancherServer,
    cluster: RancherRegistrationArgs["cluster"],
    dependsOn: pulumi.Resource[] = [],
  ): RancherRegistration {
    const { cluster: clusterSettings, customer } = this.settings;
    const google = clusterSettings.kind === "gke" && { gcp: this.googleProvider(clusterSettings.project) };
    const { RancherRegistration } = optional.rancherRegistration();
    return new RancherRegistration(
      "registration",
      { customer, cluster },
      { parent: this.parent, providers: { rancher2: rancher.provider, ...google }, dependsOn },
    );
  }

  private authorisedNetworks({ authorisedNetworks }: GkeSettings, rancher: RancherServer | undefined) {
    if (!rancher) return authorisedNetworks;
    return [...authorisedNetworks, { name: "rancher", range: pulumi.interpolate`${rancher.address}/32` }];
  }

  private google(
    project: string,
  ): pulumi.ComponentResourceOptions & { providers: Record<string, pulumi.ProviderResource> } {
    return { parent: this.parent, providers: { gcp: this.googleProvider(project) } };
  }

  /** One provider a project; Rancher and the cluster may be in two. */
  private googleProvider(project: string): gcp.Provider {
    const known = this.googleProviders.get(project);
    if (known) return known;
    const name = this.googleProviders.size === 0 ? "google" : `google-${project}`;
    const { Provider } = optional.google();
    const provider = new Provider(name, { project }, { parent: this.parent });
    this.googleProviders.set(project, provider);
    return provider;
  }
}
