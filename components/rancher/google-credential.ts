import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { googleName, serviceAccountId } from "../google/names-and-labels";

/** Arguments of {@link GoogleCredential}. */
export interface GoogleCredentialArgs {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud project of the cluster. */
  readonly project: string;
  /** JSON key file of a service account. Absent: an account with the roles below and a key are made. */
  readonly key: pulumi.Input<string> | undefined;
}

/** What Rancher needs to import a cluster: to read it, and to install its agent in it. */
const IMPORT_ROLES = ["roles/container.admin", "roles/compute.viewer"];

/** With what Rancher reaches a project on Google Cloud. */
export class GoogleCredential extends pulumi.ComponentResource {
  /** Id of the credential in Rancher; known once its roles are there. */
  readonly credentialId: pulumi.Output<string>;

  constructor(name: string, args: GoogleCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:rancher:GoogleCredential", name, {}, opts);
    const made = args.key === undefined ? this.serviceAccountKey(args) : { key: args.key, grants: [] };
    const credential = new rancher2.CloudCredential(
      "credential",
      {
        name: googleName("google", args.customer),
        googleCredentialConfig: { authEncodedJson: pulumi.secret(made.key) },
      },
      { parent: this, dependsOn: made.grants, additionalSecretOutputs: ["googleCredentialConfig"] },
    );
    this.credentialId = credential.id;
    this.registerOutputs({ credentialId: this.credentialId });
  }

  private serviceAccountKey({ customer, project }: GoogleCredentialArgs) {
    const account = new gcp.serviceaccount.Account(
      "account",
      { accountId: serviceAccountId("import", customer), project, displayName: `Rancher's way to GKE of ${customer}` },
      { parent: this },
    );
    const member = pulumi.interpolate`serviceAccount:${account.email}`;
    const grants = IMPORT_ROLES.map((role) => {
      const [, roleName = role] = role.split("/");
      return new gcp.projects.IAMMember(`account-${roleName}`, { project, role, member }, { parent: this });
    });
    const key = new gcp.serviceaccount.Key("key", { serviceAccountId: account.name }, { parent: this });
    const decoded = pulumi.secret(key.privateKey.apply((encoded) => Buffer.from(encoded, "base64").toString("utf8")));
    return { key: decoded, grants };
  }
}
