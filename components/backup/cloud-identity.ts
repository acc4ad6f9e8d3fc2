import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { serviceAccountId } from "../google/names-and-labels";
import { NODE_AGENT_NAME, SERVER_NAME } from "./names";

/** Arguments of {@link CloudIdentity}. */
export interface CloudIdentityArgs {
  /** Customer's name. */
  readonly customer: string;
  /** Project of the identity. */
  readonly project: string;
  /** Project of the cluster. */
  readonly clusterProject: string;
  /** Namespace of Velero. */
  readonly namespace: string;
}

/** The Google identity under which Velero's pods act, without a key (workload identity). */
export class CloudIdentity extends pulumi.ComponentResource {
  readonly account: gcp.serviceaccount.Account;

  constructor(name: string, args: CloudIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:backup:CloudIdentity", name, {}, opts);
    const { customer, project, clusterProject, namespace } = args;
    this.account = new gcp.serviceaccount.Account(
      "account",
      { accountId: serviceAccountId("velero", customer), project, displayName: `Backups of ${customer}` },
      { parent: this },
    );
    for (const pod of [SERVER_NAME, NODE_AGENT_NAME]) {
      new gcp.serviceaccount.IAMMember(
        `workload-identity-${pod}`,
        {
          serviceAccountId: this.account.name,
          role: "roles/iam.workloadIdentityUser",
          member: `serviceAccount:${clusterProject}.svc.id.goog[${namespace}/${pod}]`,
        },
        { parent: this },
      );
    }
    // Velero hands out signed addresses for the download of logs, and signs them as this account.
    new gcp.serviceaccount.IAMMember(
      "signing",
      {
        serviceAccountId: this.account.name,
        role: "roles/iam.serviceAccountTokenCreator",
        member: pulumi.interpolate`serviceAccount:${this.account.email}`,
      },
      { parent: this },
    );
    this.registerOutputs({ email: this.account.email });
  }
}
