import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { googleLabels } from "../google/names-and-labels";
import { ClusterAgent, type ClusterAgentArgs } from "./cluster-agent";
import { type GkeSpecification, gkeSpecification } from "./gke-specification";
import { GoogleCredential } from "./google-credential";

/** A GKE cluster that is there, imported by Google's API. */
export interface ImportedGke {
  readonly kind: "importedGke";
  /** Google Cloud project. */
  readonly project: string;
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  /** Whether `location` is a region. */
  readonly regional: boolean;
  /** Name of the cluster. */
  readonly name: pulumi.Input<string>;
  /** JSON key file of a service account. Absent: an account with minimal roles is made. */
  readonly serviceAccountKey: pulumi.Input<string> | undefined;
}

/** A GKE cluster that Rancher creates. */
export interface CreatedGke {
  readonly kind: "createdGke";
  /** What it is to be. */
  readonly specification: GkeSpecification;
  /** Where it lives in its network. */
  readonly place: {
    readonly network: pulumi.Input<string>;
    readonly subnetwork: pulumi.Input<string>;
    readonly podRangeName: string;
    readonly serviceRangeName: string;
  };
  /** Who may reach the control plane; Rancher has to be among them. */
  readonly authorisedNetworks: readonly { readonly name: string; readonly range: pulumi.Input<string> }[];
  /** JSON key file of a service account that may create clusters. */
  readonly serviceAccountKey: pulumi.Input<string>;
}

/** A cluster of the customer's own, registered by an agent in it. */
export interface OwnCluster extends Omit<ClusterAgentArgs, "token"> {
  readonly kind: "own";
  /** Provider of the cluster. */
  readonly provider: kubernetes.Provider;
}

/** Arguments of {@link RancherRegistration}. */
export interface RancherRegistrationArgs {
  /** Customer's name; the cluster's name in Rancher. */
  readonly customer: string;
  /** Which cluster, and how it comes to Rancher. */
  readonly cluster: ImportedGke | CreatedGke | OwnCluster;
  /** Refuses to take the cluster out of Rancher; a cluster that Rancher created would be deleted. */
  readonly deletionProtection: boolean;
}

/** How often the cluster must be seen active in a row, since Rancher's first word on it is not its last. */
const CONFIRMATIONS = 3;
const TIMEOUTS = { create: "60m", update: "60m", delete: "60m" };

/**
 * A cluster in Rancher. Takes the providers `rancher2` and, for GKE, `gcp` by its options.
 * Whatever needs the cluster to be active in Rancher depends on {@link RancherRegistration.sync}.
 */
export class RancherRegistration extends pulumi.ComponentResource {
  /** Id in Rancher, `c-…`. */
  readonly clusterId: pulumi.Output<string>;
  /** The cluster, active and with its catalogues there. */
  readonly sync: rancher2.ClusterSync;
  /** Project of the cluster's own services in Rancher. */
  readonly systemProjectId: pulumi.Output<string>;
  /** Kubeconfig that leads to the cluster through Rancher (secret). */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: RancherRegistrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:rancher:RancherRegistration", name, {}, opts);
    const cluster = this.register(args);
    const agents = args.cluster.kind === "own" ? [this.agent(args.cluster, cluster)] : [];
    this.sync = new rancher2.ClusterSync(
      "sync",
      { clusterId: cluster.id, waitCatalogs: true, stateConfirm: CONFIRMATIONS },
      { parent: this, dependsOn: agents, additionalSecretOutputs: ["kubeConfig"], customTimeouts: TIMEOUTS },
    );
    this.clusterId = this.sync.clusterId;
    this.systemProjectId = this.sync.systemProjectId;
    this.kubeconfig = pulumi.secret(this.sync.kubeConfig);
    this.registerOutputs({ clusterId: this.clusterId });
  }

  private register({ customer, cluster, deletionProtection }: RancherRegistrationArgs): rancher2.Cluster {
    const description = `Application platform of ${customer}`;
    const created = cluster.kind === "createdGke";
    return new rancher2.Cluster(
      "cluster",
      { name: customer, description, ...this.gkeConfig(customer, cluster) },
      {
        parent: this,
        // To give up an import is harmless; a cluster that Rancher created would be deleted with all its data.
        protect: created && deletionProtection,
        // Rancher takes "1.35" and answers with a full version; upgrades of such a cluster are done in Rancher.
        ignoreChanges: created ? ["gkeConfigV2.kubernetesVersion", "gkeConfigV2.nodePools[0].version"] : [],
        additionalSecretOutputs: ["kubeConfig", "clusterRegistrationToken"],
        customTimeouts: TIMEOUTS,
      },
    );
  }

  private gkeConfig(
    customer: string,
    cluster: RancherRegistrationArgs["cluster"],
  ): { gkeConfigV2?: rancher2.ClusterArgs["gkeConfigV2"] } {
    if (cluster.kind === "own") return {};
    const project = cluster.kind === "importedGke" ? cluster.project : cluster.specification.project;
    const key = cluster.serviceAccountKey;
    const { credentialId } = new GoogleCredential("google", { customer, project, key }, { parent: this });
    if (cluster.kind === "importedGke") {
      const location = cluster.regional ? { region: cluster.location } : { zone: cluster.location };
      const identity = { name: cluster.name, projectId: project, ...location };
      return { gkeConfigV2: { imported: true, googleCredentialSecret: credentialId, ...identity } };
    }
    const labels = googleLabels(customer, cluster.specification.labels);
    const { authorisedNetworks, place, specification } = cluster;
    return {
      gkeConfigV2: pulumi
        .output({ credentialId, authorisedNetworks: [...authorisedNetworks], ...place })
        .apply((context) => gkeSpecification(specification, { ...context, labels })),
    };
  }

  private agent(own: OwnCluster, cluster: rancher2.Cluster): pulumi.Resource {
    const token = pulumi.secret(cluster.clusterRegistrationToken.apply((registration) => registration.token ?? ""));
    const { url, image, caCertificate, provider } = own;
    return new ClusterAgent(
      "agent",
      { url, image, token, caCertificate },
      { parent: this, providers: { kubernetes: provider } },
    ).deployment;
  }
}
