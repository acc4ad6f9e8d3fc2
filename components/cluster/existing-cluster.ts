import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesApiClient } from "../kubernetes/api-client";
import { serverOf, withCurrentContext } from "../kubernetes/kubeconfig";

/** Fails with one sentence when nobody answers at the API server's address that a kubeconfig's current context has. */
export type RequireAnswer = (server: string, kubeconfig: string) => Promise<void>;

/** Arguments of {@link ExistingCluster}. */
export interface ExistingClusterArgs {
  /** Customer's name; stands for the cluster in the provider's identity. */
  readonly customer: string;
  /** Text of the kubeconfig; treated as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Context of the kubeconfig. Absent: its current one. */
  readonly context: string | undefined;
  /** Called before anything is made in the cluster. Absent: it is not asked whether it answers. */
  readonly requireAnswer: RequireAnswer | undefined;
}

/** A Kubernetes cluster that is already there: the customer's own, or the lab's. */
export class ExistingCluster extends pulumi.ComponentResource {
  /** Through which everything in the cluster is made. */
  readonly provider: kubernetes.Provider;
  /** The kubeconfig, whose current context is the cluster's (secret). */
  readonly kubeconfig: pulumi.Output<string>;
  /** Address of the API server. */
  readonly server: pulumi.Output<string>;

  /** @throws KubeconfigError (asynchronously) when the kubeconfig leads to no cluster, or to one that does not answer */
  constructor(
    name: string,
    private readonly args: ExistingClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:cluster:ExistingCluster", name, {}, opts);
    this.kubeconfig = pulumi.secret(args.kubeconfig).apply((contents) => withCurrentContext(contents, args.context));
    const answering = this.kubeconfig.apply(async (contents) => {
      await args.requireAnswer?.(serverOf(contents, args.context), contents);
      return contents;
    });
    this.server = pulumi.unsecret(this.kubeconfig.apply((contents) => serverOf(contents, args.context)));
    this.provider = new kubernetes.Provider(
      "provider",
      {
        kubeconfig: answering,
        context: args.context,
        // Renewed credentials and a moved API server keep the provider, and with it every object in the cluster:
        // https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#clusteridentifier_nodejs
        clusterIdentifier: args.customer,
        enableServerSideApply: true,
      },
      { parent: this },
    );
    this.registerOutputs({ kubeconfig: this.kubeconfig, server: this.server });
  }

  /** Looks into the cluster beside the engine, from a resource hook: never during a preview. */
  api(): Promise<KubernetesApiClient> {
    return new Promise((resolve) => {
      this.kubeconfig.apply((contents) => resolve(new KubernetesApiClient(contents, this.args.context)));
    });
  }
}
