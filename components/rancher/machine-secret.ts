import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link MachineSecret}. */
export interface MachineSecretArgs {
  /** Id in Secret Manager. */
  readonly secretId: string;
  /** Region in which it is kept, and nowhere else. */
  readonly region: string;
  /** The value. */
  readonly value: pulumi.Input<string>;
  /** E-mail of the service account that may read it. */
  readonly reader: pulumi.Input<string>;
  /** Labels. */
  readonly labels: Record<string, string>;
}

/** One secret in Secret Manager that one machine may read. */
export class MachineSecret extends pulumi.ComponentResource {
  /** Name of the current version, `projects/…/secrets/…/versions/…`; known once the machine may read it. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: MachineSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:rancher:MachineSecret", name, {}, opts);
    const { secretId, region, labels } = args;
    const replication = { userManaged: { replicas: [{ location: region }] } };
    const secret = new gcp.secretmanager.Secret(name, { secretId, replication, labels }, { parent: this });
    const version = new gcp.secretmanager.SecretVersion(
      name,
      { secret: secret.id, secretData: pulumi.secret(args.value) },
      { parent: this, additionalSecretOutputs: ["secretData"] },
    );
    const grant = new gcp.secretmanager.SecretIamMember(
      name,
      {
        secretId: secret.id,
        role: "roles/secretmanager.secretAccessor",
        member: pulumi.interpolate`serviceAccount:${args.reader}`,
      },
      { parent: this },
    );
    this.version = pulumi.all([version.name, grant.id]).apply(([versionName]) => versionName);
    this.registerOutputs({ version: this.version });
  }
}
