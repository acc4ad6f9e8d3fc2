import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { ClusterAgent, type ClusterAgentArgs } from "./cluster-agent";
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
  readonly cluster: ImportedGke | OwnCluster;
}

/** Readings in a row that must say that the cluster is active: Rancher may call it active and then take that back. */
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
    this.registerOutputs({ clusterId: this.clusterId });
  }

  private register({ customer, cluster }: RancherRegistrationArgs): rancher2.Cluster {
    const description = `Application platform of ${customer}`;
    return new rancher2.Cluster(
      "cluster",
      { name: customer, description, ...(cluster.kind === "importedGke" && this.imported(customer, cluster)) },
      // Not protected: to give up an import leaves the cluster as it is.
      { parent: this, additionalSecretOutputs: ["kubeConfig", "clusterRegistrationToken"], customTimeouts: TIMEOUTS },
    );
  }

  private imported(customer: string, { location, name, project, regional, serviceAccountKey }: ImportedGke) {
    const { credentialId } = new GoogleCredential(
      "google",
      { customer, project, key: serviceAccountKey },
      { parent: this },
    );
    const place = regional ? { region: location } : { zone: location };
    return {
      gkeConfigV2: { imported: true, googleCredentialSecret: credentialId, name, projectId: project, ...place },
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
