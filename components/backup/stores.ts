import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createSecret } from "../kubernetes/secret";
import type { BackupArgs, GcsLocation, InClusterLocation, Location, S3Location } from "./args";
import { CloudBucket } from "./cloud-bucket";
import { CloudIdentity } from "./cloud-identity";
import { type Place, profileFile } from "./locations";
import { CREDENTIALS_KEY } from "./names";
import { ObjectStore } from "./object-store";
import { PrefixClaim } from "./prefix-claim";
import { s3Address } from "./s3-address";

/** A location that Velero can be told of. */
export interface PreparedStore {
  readonly location: Location;
  readonly place: pulumi.Input<Place>;
  /** Name of the Secret with its credentials. */
  readonly secret?: pulumi.Input<string>;
  /** What has to be there first. */
  readonly dependsOn: pulumi.Resource[];
  /** Checksum that is sent with each object. Absent: it is left to Velero. */
  readonly checksumAlgorithm?: string;
}

/** What every store is made with. */
export interface StoreSurroundings {
  readonly args: BackupArgs;
  /** The component that the stores belong to. */
  readonly parent: pulumi.Resource;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Record<string, string>;
  readonly imagePullSecrets: pulumi.Output<string>[];
  readonly repositoryPassword: pulumi.Output<string>;
}

/** With which Velero logs in at a store. */
interface StoreCredentials {
  readonly accessKeyId: pulumi.Input<string>;
  readonly secretAccessKey: pulumi.Input<string>;
  /** What takes them. Default: it is there. */
  readonly dependsOn?: readonly pulumi.Resource[];
}

/** Makes what lies behind each location: a store in the cluster, a bucket, or the claim on a directory elsewhere. */
export class Stores {
  private identity: CloudIdentity | undefined;

  constructor(private readonly surroundings: StoreSurroundings) {}

  /** The Google identity of Velero; `undefined` where no bucket that was prepared needs one. */
  get googleAccount(): pulumi.Output<string> | undefined {
    return this.identity?.account.email;
  }

  /** Makes what a location needs, and says where it is. */
  prepare(location: Location): PreparedStore {
    if (location.kind === "gcs") return this.prepareBucket(location);
    return location.kind === "s3" ? this.prepareExternal(location) : this.prepareStore(location);
  }

  private prepareStore(location: InClusterLocation): PreparedStore {
    const { args, labels, namespace, imagePullSecrets, parent } = this.surroundings;
    const { images, prefix } = args;
    const { name } = location;
    const store = new ObjectStore(
      `store-${name}`,
      { location, images, labels, namespace, imagePullSecrets },
      { parent },
    );
    const { bucket, region } = store;
    const { accessKeyId, secretAccessKey, serving } = store;
    const secret = this.locationSecret(location, { accessKeyId, secretAccessKey, dependsOn: serving });
    const place = store.endpoint.apply((endpoint) => ({
      ...{ bucket, endpoint, url: endpoint, region, prefix },
      pathStyle: true,
    }));
    return { location, place, secret, dependsOn: [store] };
  }

  private prepareExternal(location: S3Location): PreparedStore {
    const { args, labels, namespace, imagePullSecrets, repositoryPassword, parent } = this.surroundings;
    const { customer, images, prefix } = args;
    const { name, bucket, region, accessKeyId, secretAccessKey, caCertificate, objectLockDays } = location;
    const { endpoint, url, pathStyle, checksumAlgorithm } = s3Address(location);
    const claim = new PrefixClaim(
      `claim-${name}`,
      {
        location: name,
        claim: { endpoint, region, bucket, prefix, pathStyle, objectLockDays, stack: stackOf(customer) },
        repositoryPassword,
        accessKeyId,
        secretAccessKey,
        caCertificate,
        image: images.node,
        namespace,
        labels,
        imagePullSecrets,
      },
      { parent },
    );
    const { serverSideEncryption } = location;
    return {
      location,
      place: {
        bucket,
        prefix,
        endpoint,
        url,
        region,
        pathStyle,
        caCertificate,
        serverSideEncryption,
        checksumAlgorithm,
      },
      secret: this.locationSecret(location, { accessKeyId, secretAccessKey }),
      dependsOn: [claim],
      checksumAlgorithm,
    };
  }

  private prepareBucket(location: GcsLocation): PreparedStore {
    const { args, parent } = this.surroundings;
    const { customer, prefix } = args;
    const { account } = this.identityIn(location.project);
    const bucket = new CloudBucket(`bucket-${location.name}`, { customer, location, account }, { parent });
    const place = pulumi.all([bucket.bucket, account.email]).apply(([bucketName, googleAccount]) => ({
      bucket: bucketName,
      prefix,
      endpoint: `gs://${bucketName}`,
      pathStyle: true,
      googleAccount,
    }));
    return { location, place, dependsOn: [bucket] };
  }

  /** One identity for all buckets: Velero's accounts in the cluster can act as one alone. */
  private identityIn(project: string): CloudIdentity {
    const { args, parent } = this.surroundings;
    const { customer, namespace, clusterProject = project } = args;
    this.identity ??= new CloudIdentity("identity", { customer, project, clusterProject, namespace }, { parent });
    return this.identity;
  }

  /**
   * Velero reads a location's Secret whenever it goes there, so that new credentials need no new pod. The name says
   * which ones they are, and nothing about them to whoever has not the repositories' password: another name is another
   * specification of the location, at which Velero looks at once.
   */
  private locationSecret(
    { name }: Location,
    { accessKeyId, secretAccessKey, dependsOn = [] }: StoreCredentials,
  ): pulumi.Output<string> {
    const { namespace, labels, repositoryPassword, parent } = this.surroundings;
    const profile = pulumi.secret(
      pulumi.all([accessKeyId, secretAccessKey]).apply(([id, secret]) => profileFile(id, secret)),
    );
    const objectName = pulumi
      .all([profile, repositoryPassword])
      .apply(([text, key]) => `location-${name}-${createHmac("sha256", key).update(text).digest("hex").slice(0, 10)}`);
    const metadata = objectMetadata(pulumi.unsecret(objectName), { namespace, labels });
    const content = { metadata, type: "Opaque", texts: { [CREDENTIALS_KEY]: profile } };
    const options = { parent, dependsOn: [...dependsOn] };
    return createSecret(`location-${name}-credentials`, content, options).metadata.name;
  }
}

/** What a bucket's owner is called: the project's and the stack's name say more to a person than the customer's alone. */
function stackOf(customer: string): string {
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  return stack.endsWith(`/${customer}`) ? stack : `${stack} (customer ${customer})`;
}
