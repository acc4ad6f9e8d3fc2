import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels, googleName, serviceAccountId } from "../google/names-and-labels";
import { KubernetesApiClient } from "../kubernetes/api-client";
import { gkeKubeconfig } from "../kubernetes/kubeconfig";
import { CUSTOMER_LABEL } from "../kubernetes/object-metadata";
import {
  type GkeLocation,
  type GkeSize,
  gkeLocation,
  hardening,
  type MaintenanceWindow,
  maintenancePolicy,
  nodeHardening,
} from "./gke-arguments";
import type { GkePlace } from "./gke-network";

/** Arguments of {@link GkeCluster}. */
export interface GkeClusterArgs extends GkeSize {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud project. */
  readonly project: string;
  /** Where the cluster lives in its network. */
  readonly place: GkePlace;
  /** Range of the control plane's private endpoint, a /28. */
  readonly controlPlaneRange: string;
  /** Who may reach the control plane. Empty: nobody outside the cluster's network. */
  readonly authorisedNetworks: readonly { readonly name: string; readonly range: pulumi.Input<string> }[];
  /** Machine type of the nodes. */
  readonly machineType: string;
  /** Boot disk of each node, GB. */
  readonly diskSizeGb: number;
  /** Kubernetes minor, at least. */
  readonly kubernetesVersion: string;
  /** GKE release channel. */
  readonly releaseChannel: string;
  /** When Google may upgrade. */
  readonly maintenanceWindow: MaintenanceWindow;
  /** Refuses to delete or replace the cluster and the key of its secrets. */
  readonly deletionProtection: boolean;
  /** Further labels. */
  readonly labels: Record<string, string>;
}

const NODE_POOL_TIMEOUTS = { create: "60m", update: "120m", delete: "60m" };
const KEY_ROTATION = `${90 * 24 * 3600}s`;
/** How long a key version that was scheduled for destruction can still be brought back: the most Google offers. */
const KEY_DESTRUCTION_DELAY = `${120 * 24 * 3600}s`;

/** A private, hardened GKE cluster with one node pool. */
export class GkeCluster extends pulumi.ComponentResource {
  /** Through which everything in the cluster is made. */
  readonly provider: kubernetes.Provider;
  /** The kubeconfig (secret). It holds no credentials: a plugin fetches them. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Address of the API server. */
  readonly server: pulumi.Output<string>;
  /** Name of the cluster; known once the nodes are there. */
  readonly clusterName: pulumi.Output<string>;
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  /**
   * Kubernetes minor that the cluster was last told to have, at least: not what this run asks for, where it leaves the
   * cluster as it is. Google may have gone on to a newer one. `undefined` where there is no cluster yet.
   */
  readonly kubernetesVersion: pulumi.Output<string | undefined>;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:cluster:GkeCluster", name, {}, opts);
    const location = gkeLocation(args);
    this.location = location.location;
    const cluster = this.cluster(args, location);
    const nodePool = this.nodePool(args, location, cluster);
    // Its own address says that there is one: what was asked for is an output of one that was left out of the run too.
    this.kubernetesVersion = pulumi
      .all([cluster.minMasterVersion, cluster.selfLink])
      .apply(([version, made]) => (made ? version : undefined));

    this.server = pulumi.interpolate`https://${cluster.endpoint}`;
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([cluster.name, cluster.endpoint, cluster.masterAuth])
        .apply(([clusterName, endpoint, { clusterCaCertificate }]) =>
          gkeKubeconfig({ name: clusterName, endpoint, caCertificate: clusterCaCertificate }),
        ),
    );
    this.provider = new kubernetes.Provider(
      "provider",
      {
        kubeconfig: this.kubeconfig,
        // A changed address or CA of the same cluster keeps the provider, and with it every object in the cluster:
        // https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#clusteridentifier_nodejs
        clusterIdentifier: cluster.id,
        enableServerSideApply: true,
      },
      { parent: this, dependsOn: [nodePool] },
    );
    this.clusterName = pulumi.all([cluster.name, nodePool.id]).apply(([clusterName]) => clusterName);
    this.registerOutputs({
      kubeconfig: this.kubeconfig,
      server: this.server,
      clusterName: this.clusterName,
      location: this.location,
    });
  }

  /** Looks into the cluster beside the engine, from a resource hook: never during a preview. */
  api(): Promise<KubernetesApiClient> {
    return new Promise((resolve) => {
      this.kubeconfig.apply((contents) => resolve(new KubernetesApiClient(contents)));
    });
  }

  private cluster(args: GkeClusterArgs, location: GkeLocation): gcp.container.Cluster {
    const encryption = this.secretEncryption(args);
    return new gcp.container.Cluster(
      "cluster",
      {
        ...hardening(args.project),
        name: googleName("gke", args.customer),
        location: location.location,
        ...(location.nodeLocations && { nodeLocations: location.nodeLocations }),
        network: args.place.network,
        subnetwork: args.place.subnetwork,
        ipAllocationPolicy: {
          clusterSecondaryRangeName: args.place.podRangeName,
          servicesSecondaryRangeName: args.place.serviceRangeName,
        },
        privateClusterConfig: {
          enablePrivateNodes: true,
          enablePrivateEndpoint: false,
          masterIpv4CidrBlock: args.controlPlaneRange,
        },
        masterAuthorizedNetworksConfig: {
          cidrBlocks: args.authorisedNetworks.map(({ name, range }) => ({ displayName: name, cidrBlock: range })),
          gcpPublicCidrsAccessEnabled: false,
        },
        databaseEncryption: { state: "ENCRYPTED", keyName: encryption.key },
        minMasterVersion: args.kubernetesVersion,
        releaseChannel: { channel: args.releaseChannel },
        maintenancePolicy: maintenancePolicy(args.maintenanceWindow),
        deletionProtection: args.deletionProtection,
        resourceLabels: googleLabels(args.customer, args.labels),
      },
      {
        parent: this,
        protect: args.deletionProtection,
        // Its name is taken, and so are its ranges, while the old one is there.
        deleteBeforeReplace: true,
        dependsOn: [encryption.grant],
        customTimeouts: { create: "60m", update: "120m", delete: "60m" },
      },
    );
  }

  /** A key for the cluster's secrets, and leave for GKE to use it. Auto-named: a key's name is taken for ever. */
  private secretEncryption(args: GkeClusterArgs) {
    const { customer, region, deletionProtection } = args;
    const keyRing = new gcp.kms.KeyRing("key-ring", { location: region }, { parent: this });
    const key = new gcp.kms.CryptoKey(
      "secrets-key",
      {
        keyRing: keyRing.id,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: KEY_ROTATION,
        destroyScheduledDuration: KEY_DESTRUCTION_DELAY,
        labels: googleLabels(customer, args.labels),
      },
      { parent: this, protect: deletionProtection },
    );
    const project = gcp.organizations.getProjectOutput({ projectId: args.project }, { parent: this });
    const grant = new gcp.kms.CryptoKeyIAMMember(
      "secrets-key-grant",
      {
        cryptoKeyId: key.id,
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member: pulumi.interpolate`serviceAccount:service-${project.number}@container-engine-robot.iam.gserviceaccount.com`,
      },
      { parent: this },
    );
    return { key: key.id, grant };
  }

  private nodePool(args: GkeClusterArgs, location: GkeLocation, cluster: gcp.container.Cluster) {
    const { customer, project } = args;
    const account = new gcp.serviceaccount.Account(
      "nodes",
      { accountId: serviceAccountId("gke-nodes", customer), displayName: `Nodes of the GKE cluster of ${customer}` },
      { parent: this },
    );
    const role = "roles/container.defaultNodeServiceAccount";
    const member = pulumi.interpolate`serviceAccount:${account.email}`;
    const grant = new gcp.projects.IAMMember("nodes-role", { project, role, member }, { parent: this });
    return new gcp.container.NodePool(
      "nodes",
      {
        cluster: cluster.id,
        nodeCount: location.nodesPerZone,
        ...(location.nodeLocations && { nodeLocations: location.nodeLocations }),
        management: { autoRepair: true, autoUpgrade: true },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        networkConfig: { enablePrivateNodes: true },
        nodeConfig: {
          ...nodeHardening,
          machineType: args.machineType,
          diskSizeGb: args.diskSizeGb,
          diskType: "pd-balanced",
          serviceAccount: account.email,
          labels: { [CUSTOMER_LABEL]: customer },
          resourceLabels: googleLabels(customer, args.labels),
        },
      },
      // Auto-named: pods move to the new pool before an old one that must be replaced goes.
      { parent: this, dependsOn: [grant], customTimeouts: NODE_POOL_TIMEOUTS },
    );
  }
}
