import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { inClusterProgram } from "../kubernetes/in-cluster-program";
import { objectMetadata } from "../kubernetes/object-metadata";
import { programJobSpec } from "../kubernetes/program-job";
import { createSecret } from "../kubernetes/secret";
import type { Claim } from "./in-cluster/claim-prefix";

/** Arguments of {@link PrefixClaim}. */
export interface PrefixClaimArgs {
  /** Name of the location. */
  readonly location: string;
  /** Whose the directory is to be, and where it is. */
  readonly claim: Omit<Claim, "repository">;
  /** Password of the repositories; its fingerprint says whose the directory is. */
  readonly repositoryPassword: pulumi.Input<string>;
  /** Access key id at the store. */
  readonly accessKeyId: pulumi.Input<string>;
  /** Secret access key at the store. */
  readonly secretAccessKey: pulumi.Input<string>;
  /** PEM of the CA of the store's certificate. Absent: a public CA signed it. */
  readonly caCertificate: string | undefined;
  /** Image with Node.js. */
  readonly image: string;
  /** Namespace of Velero. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
}

const TIMEOUT_SECONDS = 180;

/** First characters of a password's SHA-256; the password has far more entropy than can be searched. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/**
 * Makes sure that a directory of a bucket is this stack's, before Velero writes to it. Runs in the cluster, since the
 * store may answer nowhere else. A directory that is another's fails `pulumi up` with the sentence that says so.
 */
export class PrefixClaim extends pulumi.ComponentResource {
  /** Ends once the directory is this stack's. */
  readonly job: kubernetes.batch.v1.Job;

  constructor(
    name: string,
    private readonly args: PrefixClaimArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:backup:PrefixClaim", name, {}, opts);
    const program = inClusterProgram("backup/claim-prefix");
    const claim = pulumi
      .output(args.repositoryPassword)
      .apply((password) => JSON.stringify({ ...args.claim, repository: fingerprint(password) }));
    const files = new kubernetes.core.v1.ConfigMap(
      `${args.location}-program`,
      {
        metadata: this.metadata(`claim-${args.location}`),
        data: {
          "claim-prefix.js": program,
          "claim.json": pulumi.unsecret(claim),
          ...(args.caCertificate ? { "ca.pem": args.caCertificate } : {}),
        },
      },
      { parent: this },
    );
    const { accessKeyId, secretAccessKey } = args;
    const credentials = createSecret(
      `${args.location}-credentials`,
      { metadata: this.metadata(`claim-${args.location}`), texts: { accessKeyId, secretAccessKey } },
      { parent: this },
    );
    const told = pulumi.unsecret(
      pulumi.all([claim, args.secretAccessKey]).apply((parts) => fingerprint([program, ...parts].join("\n"))),
    );
    this.job = this.createJob(files.metadata.name, credentials.metadata.name, told);
    this.registerOutputs({});
  }

  private metadata(objectName: string) {
    return objectMetadata(objectName, this.args);
  }

  /** What the Job is told is in its pod's annotations, so that another claim is another Job. */
  private createJob(
    files: pulumi.Input<string>,
    credentials: pulumi.Input<string>,
    told: pulumi.Input<string>,
  ): kubernetes.batch.v1.Job {
    const { image, imagePullSecrets, labels } = this.args;
    return new kubernetes.batch.v1.Job(
      `${this.args.location}-job`,
      {
        metadata: this.metadata(`claim-${this.args.location}`),
        spec: programJobSpec({
          name: "claim",
          image,
          program: "claim-prefix.js",
          told: "claim.json",
          files,
          credentials,
          annotations: { "onprem.platform/claim": told },
          labels,
          imagePullSecrets,
          timeoutSeconds: TIMEOUT_SECONDS,
        }),
      },
      {
        parent: this,
        // One name, so that the Job of today is what one finds: the old one has to go first.
        deleteBeforeReplace: true,
        customTimeouts: { create: `${TIMEOUT_SECONDS}s` },
      },
    );
  }
}
