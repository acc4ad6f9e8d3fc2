/** A GKE cluster as Rancher's own operator makes it: what of the settings it can honour, and how. Pure. */

/** What Rancher is told of a GKE cluster that it creates. */
export interface GkeSpecification {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud project. */
  readonly project: string;
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  /** Whether `location` is a region. */
  readonly regional: boolean;
  /** Zones of the nodes. Default: Google chooses. */
  readonly nodeLocations?: readonly string[];
  /** Nodes in each zone. */
  readonly nodesPerZone: number;
  /** Machine type of the nodes. */
  readonly machineType: string;
  /** Boot disk of each node, GB. */
  readonly diskSizeGb: number;
  /** Kubernetes version that the cluster starts with. */
  readonly kubernetesVersion: string;
  /** Start of the daily maintenance window, UTC, `HH:MM`. */
  readonly maintenanceStart: string;
  /** Range of the control plane's private endpoint. */
  readonly controlPlaneRange: string;
  /** Further labels. Default: none. */
  readonly labels?: Record<string, string>;
}

/** What is only known while the platform is made. */
export interface GkeSpecificationContext {
  /** Id of the credential in Rancher. */
  readonly credentialId: string;
  /** Name of the network. */
  readonly network: string;
  /** Name of the subnet. */
  readonly subnetwork: string;
  /** Name of the subnet's range for pods. */
  readonly podRangeName: string;
  /** Name of the subnet's range for Services. */
  readonly serviceRangeName: string;
  /** Who may reach the control plane, Rancher among them. */
  readonly authorisedNetworks: readonly { readonly name: string; readonly range: string }[];
  /** Labels of the cloud resources. */
  readonly labels: Record<string, string>;
}

const PODS_PER_NODE = 110;

/**
 * `gkeConfigV2` of a cluster that Rancher creates. Rancher wants every field of the operator's schema, empty ones
 * too (https://github.com/rancher/gke-operator).
 */
export function gkeSpecification(cluster: GkeSpecification, context: GkeSpecificationContext) {
  return {
    name: `gke-${cluster.customer}`,
    description: "",
    googleCredentialSecret: context.credentialId,
    projectId: cluster.project,
    ...(cluster.regional ? { region: cluster.location } : { zone: cluster.location }),
    locations: [...(cluster.nodeLocations ?? [])],
    kubernetesVersion: cluster.kubernetesVersion,
    enableKubernetesAlpha: false,
    clusterIpv4CidrBlock: "",
    network: context.network,
    subnetwork: context.subnetwork,
    networkPolicyEnabled: true,
    loggingService: "logging.googleapis.com/kubernetes",
    monitoringService: "monitoring.googleapis.com/kubernetes",
    maintenanceWindow: cluster.maintenanceStart,
    labels: context.labels,
    clusterAddons: { horizontalPodAutoscaling: true, httpLoadBalancing: true, networkPolicyConfig: true },
    ipAllocationPolicy: {
      useIpAliases: true,
      clusterSecondaryRangeName: context.podRangeName,
      servicesSecondaryRangeName: context.serviceRangeName,
    },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      masterIpv4CidrBlock: cluster.controlPlaneRange,
    },
    masterAuthorizedNetworksConfig: {
      enabled: true,
      cidrBlocks: context.authorisedNetworks.map(({ name, range }) => ({ displayName: name, cidrBlock: range })),
    },
    nodePools: [nodePool(cluster, context.labels)],
  };
}

function nodePool(cluster: GkeSpecification, labels: Record<string, string>) {
  return {
    name: "nodes",
    initialNodeCount: cluster.nodesPerZone,
    version: cluster.kubernetesVersion,
    maxPodsConstraint: PODS_PER_NODE,
    autoscaling: { enabled: false },
    management: { autoRepair: true, autoUpgrade: true },
    config: {
      diskSizeGb: cluster.diskSizeGb,
      diskType: "pd-balanced",
      imageType: "COS_CONTAINERD",
      machineType: cluster.machineType,
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      labels,
    },
  };
}
