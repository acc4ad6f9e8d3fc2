import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesApiClient } from "../kubernetes/api-client";
import type { RancherServer } from "../rancher/rancher-server";
import type { RancherRegistration } from "../rancher/registration";

/** A Kubernetes cluster that the platform's parts are made in. */
export interface PlatformCluster {
  /** Provider of everything in the cluster. */
  readonly provider: kubernetes.Provider;
  /** The kubeconfig (secret). */
  readonly kubeconfig: pulumi.Output<string>;
  /** Address of the API server. */
  readonly server: pulumi.Output<string>;
  /** A client of the cluster's API, for resource hooks. */
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
  /** Resources that everything in the cluster depends on: made before it, deleted after it. */
  readonly foundation: pulumi.Resource[];
}
