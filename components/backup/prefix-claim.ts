import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { inClusterProgram } from "../kubernetes/in-cluster-program";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createProgramFiles, createProgramJob } from "../kubernetes/program-job";
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

  constructor(name: string, args: PrefixClaimArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:backup:PrefixClaim", name, {}, opts);
    const program = inClusterProgram("backup/claim-prefix");
    const claim = pulumi
      .output(args.repositoryPassword)
      .apply((password) => JSON.stringify({ ...args.claim, repository: fingerprint(password) }));
    const { accessKeyId, caCertificate, image, imagePullSecrets, labels, location, secretAccessKey } = args;
    const metadata = objectMetadata(`claim-${location}`, args);
    const files = { "claim-prefix.js": program, "claim.json": pulumi.unsecret(claim) };
    const credentials = { accessKeyId, secretAccessKey };
    const made = createProgramFiles({ resource: location, metadata, files, caCertificate, credentials }, this);
    const revision = pulumi.unsecret(
      pulumi.all([claim, secretAccessKey]).apply((parts) => fingerprint([program, ...parts].join("\n"))),
    );
    this.job = createProgramJob(
      `${location}-job`,
      metadata,
      {
        ...made,
        name: "claim",
        image,
        program: "claim-prefix.js",
        task: "claim.json",
        // Another claim is another Job.
        annotations: { "onprem.platform/claim": revision },
        labels,
        imagePullSecrets,
        timeoutSeconds: TIMEOUT_SECONDS,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
