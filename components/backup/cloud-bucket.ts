import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels } from "../google/names-and-labels";
import type { GcsLocation } from "./args";

/** Arguments of {@link CloudBucket}. */
export interface CloudBucketArgs {
  /** Customer's name. */
  readonly customer: string;
  /** What the bucket is to be. */
  readonly location: GcsLocation;
  /** Google identity that Velero acts under. */
  readonly account: gcp.serviceaccount.Account;
}

const DAY_SECONDS = 24 * 60 * 60;

/** Name of a bucket when none is given: they are taken worldwide, hence the project. */
export function defaultBucketName(project: string, customer: string): string {
  return `${project}-backup-${customer}`.slice(0, 63).replace(/-+$/, "");
}

/** A bucket on Google Cloud for backups. It outlives the stack. */
export class CloudBucket extends pulumi.ComponentResource {
  /** Name of the bucket; known once Velero may use it. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, { customer, location, account }: CloudBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:backup:CloudBucket", name, {}, opts);
    const { project, retentionLockDays } = location;
    const bucket = new gcp.storage.Bucket(
      `${location.name}-bucket`,
      {
        name: location.bucket ?? defaultBucketName(project, customer),
        project,
        location: location.storageLocation,
        labels: googleLabels(customer),
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        forceDestroy: false,
        softDeletePolicy: { retentionDurationSeconds: location.softDeleteDays * DAY_SECONDS },
        retentionPolicy:
          retentionLockDays === undefined
            ? undefined
            : { retentionPeriod: String(retentionLockDays * DAY_SECONDS), isLocked: true },
      },
      // The backups are what is left of a customer whose stack is destroyed.
      { parent: this, retainOnDelete: true },
    );
    const grant = new gcp.storage.BucketIAMMember(
      `${location.name}-grant`,
      {
        bucket: bucket.name,
        role: "roles/storage.objectAdmin",
        member: pulumi.interpolate`serviceAccount:${account.email}`,
      },
      { parent: this },
    );
    this.bucket = pulumi.all([bucket.name, grant.id]).apply(([bucketName]) => bucketName);
    this.registerOutputs({ bucket: this.bucket });
  }
}
