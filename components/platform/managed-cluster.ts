import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesApiClient } from "../kubernetes/api-client";
import type { RancherServer } from "../rancher/rancher-server";
import type { RancherRegistration } from "../rancher/registration";

/** A cluster that things can be put into. */
export interface PlatformCluster {
  /** Through which everything in the cluster is made. */
  readonly provider: kubernetes.Provider;
  /** The kubeconfig (secret). */
  readonly kubeconfig: pulumi.Output<string>;
  /** Address of the API server. */
  readonly server: pulumi.Output<string>;
  /** Looks into the cluster beside the engine, from a resource hook. */
  api(): Promise<KubernetesApiClient>;
}

/** The cluster and what manages it. */
export interface ManagedCluster {
  readonly cluster: PlatformCluster;
  /** Kubernetes minor that the cluster was last told to have; `undefined` for one of the customer's own. */
  readonly kubernetesVersion?: pulumi.Output<string | undefined>;
  /** The Rancher server; `undefined` where the settings have none. */
  readonly rancher?: RancherServer;
  /** The cluster's entry in Rancher. */
  readonly registration?: RancherRegistration;
  /** What has to be there before anything is put into the cluster, and has to stay until all of it is gone. */
  readonly foundation: pulumi.Resource[];
}
