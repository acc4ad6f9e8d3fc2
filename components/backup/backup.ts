import { createHmac } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BackupArgs, GcsLocation, InClusterLocation, Location, LocationSummary, S3Location } from "./args";
import { CloudBucket } from "./cloud-bucket";
import { CloudIdentity } from "./cloud-identity";
import { VeleroDefinitions } from "./definitions";
import { locationSpec, type Place, profileFile, scheduleSpec } from "./locations";
import { afterDestroy, CREDENTIALS_KEY, commonLabels, REPOSITORY_SECRET } from "./names";
import { ObjectStore } from "./object-store";
import { VeleroPermissions } from "./permissions";
import { PrefixClaim } from "./prefix-claim";
import { Velero } from "./velero";

const PASSWORD_LENGTH = 48;
const AMAZON = "https://s3.amazonaws.com";
const LOCATION_TIMEOUT_SECONDS = "180";

const ESCROW =
  "Backups are worth nothing without this password, and a lost cluster takes its copy along. Keep it outside the cluster and outside this stack's state, where two people can get at it: pulumi stack output --show-secrets --json | jq -r .backup.repositoryPassword. A new stack goes on with the backups when it is given it: pulumi config set --secret --path 'onprem:backup.repositoryPassword'.";

/** A location that Velero can be told of. */
interface PreparedLocation {
  readonly place: pulumi.Input<Place>;
  /** Name of the Secret with its credentials. */
  readonly secret?: pulumi.Input<string>;
  /** What has to be there first. */
  readonly dependsOn: pulumi.Resource[];
}

/**
 * Velero with its stores and schedules, in a namespace of its own.
 *
 * @example
 * new Backup("backup", { ...settings.backup, customer: "acme", applicationNamespace: "parse", images, definitions }, { provider })
 */
export class Backup extends pulumi.ComponentResource {
  /** Namespace of Velero. */
  readonly namespace: pulumi.Output<string>;
  /** Where backups go, and what becomes of them when the stack is destroyed. */
  readonly locations: pulumi.Output<LocationSummary[]>;
  /** Names of the schedules. */
  readonly schedules: string[];
  /** Password without which no volume's content can be read again (secret). */
  readonly repositoryPassword: pulumi.Output<string>;
  /** What to do with the password, in words. */
  readonly escrow = ESCROW;

  private readonly labels: Record<string, string>;
  private readonly imagePullSecrets: pulumi.Output<string>[];
  private readonly identities = new Map<string, CloudIdentity>();
  private readonly velero: Velero;

  constructor(
    name: string,
    private readonly args: BackupArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:backup:Backup", name, {}, opts);
    this.labels = commonLabels(args.customer);
    this.namespace = this.createNamespace();
    this.repositoryPassword = this.password();
    this.imagePullSecrets = this.pullSecrets();
    const definitions = new VeleroDefinitions("definitions", args, { parent: this });
    const repositorySecret = this.secret("repository", REPOSITORY_SECRET.name, {
      [REPOSITORY_SECRET.key]: this.repositoryPassword,
    });
    const prepared = args.locations.map((location) => this.prepare(location));
    this.velero = this.createVelero([definitions, repositorySecret]);
    const created = args.locations.map((location, index) => this.createLocation(location, prepared[index]));
    this.schedules = args.schedules.map((schedule) => schedule.name);
    this.createSchedules(created);
    this.leaveOutTheClusterCertificate();
    this.locations = pulumi.all(
      args.locations.map((location, index) => this.summary(location, prepared[index]?.place)),
    );
    this.registerOutputs({ namespace: this.namespace, locations: this.locations, schedules: this.schedules });
  }

  private createNamespace(): pulumi.Output<string> {
    const { namespace, locations } = this.args;
    // The pods that copy volumes read other pods' volumes on the node, which only this level lets them.
    const level = "privileged";
    const labels = {
      ...this.labels,
      "pod-security.kubernetes.io/enforce": level,
      "pod-security.kubernetes.io/warn": level,
      "pod-security.kubernetes.io/audit": level,
    };
    const created = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: namespace, labels } },
      {
        parent: this,
        protect: locations.some((location) => "deletionProtection" in location && location.deletionProtection),
      },
    );
    return created.metadata.name;
  }

  /** Made once: a changed password opens none of the earlier backups, and Velero refuses to go on with the repository. */
  private password(): pulumi.Output<string> {
    if (this.args.repositoryPassword !== undefined) return pulumi.secret(this.args.repositoryPassword);
    const options = { length: PASSWORD_LENGTH, special: false };
    return pulumi.secret(new random.RandomPassword("repository-password", options, { parent: this }).result);
  }

  private pullSecrets(): pulumi.Output<string>[] {
    const { imagePullCredentials } = this.args;
    if (imagePullCredentials === undefined) return [];
    const secret = this.secret(
      "image-pull",
      "image-pull",
      { ".dockerconfigjson": imagePullCredentials },
      "kubernetes.io/dockerconfigjson",
    );
    return [secret.metadata.name];
  }

  private secret(
    name: string,
    objectName: pulumi.Input<string>,
    content: Record<string, pulumi.Input<string>>,
    type = "Opaque",
  ): kubernetes.core.v1.Secret {
    const data = Object.fromEntries(
      Object.entries(content).map(([key, value]) => [
        key,
        pulumi.secret(value).apply((text) => Buffer.from(text, "utf8").toString("base64")),
      ]),
    );
    const metadata = { name: objectName, namespace: this.namespace, labels: this.labels };
    return new kubernetes.core.v1.Secret(name, { metadata, type, data }, { parent: this });
  }

  private prepare(location: Location): PreparedLocation {
    if (location.kind === "gcs") return this.prepareBucket(location);
    return location.kind === "s3" ? this.prepareExternal(location) : this.prepareStore(location);
  }

  private prepareStore(location: InClusterLocation): PreparedLocation {
    const { images, prefix } = this.args;
    const { name } = location;
    const { labels, namespace, imagePullSecrets } = this;
    const store = new ObjectStore(
      `store-${name}`,
      { location, images, labels, namespace, imagePullSecrets },
      { parent: this },
    );
    const { bucket, region } = store;
    const secret = this.locationSecret(location, store.accessKeyId, store.secretAccessKey);
    const place = store.endpoint.apply((endpoint) => ({ bucket, endpoint, region, prefix }));
    return { place, secret, dependsOn: [store] };
  }

  private prepareExternal(location: S3Location): PreparedLocation {
    const { customer, images, prefix } = this.args;
    const { name, bucket, region, pathStyle, accessKeyId, secretAccessKey, caCertificate, objectLockDays } = location;
    const endpoint = location.endpoint?.replace(/\/$/, "") ?? AMAZON;
    const claim = new PrefixClaim(
      `claim-${name}`,
      {
        location: name,
        claim: { endpoint, region, bucket, prefix, pathStyle, objectLockDays, stack: stackOf(customer) },
        repositoryPassword: this.repositoryPassword,
        accessKeyId,
        secretAccessKey,
        caCertificate,
        image: images.node,
        namespace: this.namespace,
        labels: this.labels,
        imagePullSecrets: this.imagePullSecrets,
      },
      { parent: this },
    );
    const { serverSideEncryption } = location;
    return {
      place: { bucket, prefix, endpoint, region, pathStyle, caCertificate, serverSideEncryption },
      secret: this.locationSecret(location, accessKeyId, secretAccessKey),
      dependsOn: [claim],
    };
  }

  private prepareBucket(location: GcsLocation): PreparedLocation {
    const { customer, prefix } = this.args;
    const { account } = this.identity(location.project);
    const bucket = new CloudBucket(`bucket-${location.name}`, { customer, location, account }, { parent: this });
    const place = pulumi.all([bucket.bucket, account.email]).apply(([bucketName, googleAccount]) => ({
      bucket: bucketName,
      prefix,
      endpoint: `gs://${bucketName}`,
      googleAccount,
    }));
    return { place, dependsOn: [bucket] };
  }

  /** One identity for all buckets: Velero's accounts in the cluster can act as one alone. */
  private identity(project: string): CloudIdentity {
    const [known] = this.identities.values();
    if (known) return known;
    const { customer, namespace, clusterProject = project } = this.args;
    const identity = new CloudIdentity("identity", { customer, project, clusterProject, namespace }, { parent: this });
    this.identities.set(project, identity);
    return identity;
  }

  /**
   * Velero reads a location's Secret whenever it goes there, so that new credentials need no new pod. The name says
   * which ones they are, and nothing about them to whoever has not the repositories' password.
   */
  private locationSecret(
    { name }: Location,
    accessKeyId: pulumi.Input<string>,
    secretAccessKey: pulumi.Input<string>,
  ): pulumi.Output<string> {
    const profile = pulumi.secret(
      pulumi.all([accessKeyId, secretAccessKey]).apply(([id, secret]) => profileFile(id, secret)),
    );
    const objectName = pulumi
      .all([profile, this.repositoryPassword])
      .apply(([text, key]) => `location-${name}-${createHmac("sha256", key).update(text).digest("hex").slice(0, 10)}`);
    return this.secret(`location-${name}-credentials`, pulumi.unsecret(objectName), { [CREDENTIALS_KEY]: profile })
      .metadata.name;
  }

  private createVelero(dependsOn: pulumi.Resource[]): Velero {
    const { args, labels, imagePullSecrets } = this;
    const email = [...this.identities.values()][0]?.account.email;
    const permissions = new VeleroPermissions(
      "permissions",
      {
        customer: args.customer,
        namespace: this.namespace,
        labels,
        annotations: email && { "iam.gke.io/gcp-service-account": email },
      },
      { parent: this },
    );
    const providers = args.locations.map(({ kind }) => (kind === "gcs" ? "gcp" : "aws"));
    return new Velero(
      "velero",
      {
        ...args,
        labels,
        plugins: [...new Set(providers)].sort(),
        storePorts: storePorts(args.locations),
        imagePullSecrets,
      },
      { parent: this, dependsOn: [...dependsOn, permissions] },
    );
  }

  private createLocation(location: Location, prepared?: PreparedLocation): pulumi.Resource {
    const { name } = location;
    const { place, secret, dependsOn = [] } = prepared ?? {};
    const annotations = {
      // Velero looks whether it gets there: a location that `up` left behind is one that works.
      "pulumi.com/waitFor": "jsonpath={.status.phase}=Available",
      "pulumi.com/timeoutSeconds": LOCATION_TIMEOUT_SECONDS,
    };
    return new kubernetes.apiextensions.CustomResource(
      `location-${name}`,
      {
        apiVersion: "velero.io/v1",
        kind: "BackupStorageLocation",
        metadata: { name, namespace: this.namespace, labels: this.labels, annotations },
        spec: pulumi
          .all([place as pulumi.Input<Place>, secret])
          .apply(([known, secretName]) => locationSpec(location, known, secretName)),
      },
      { parent: this, dependsOn: [this.velero, ...dependsOn] },
    );
  }

  private createSchedules(locations: pulumi.Resource[]): void {
    const { applicationNamespace, schedules } = this.args;
    const main = this.args.locations.find((location) => location.default)?.name ?? "";
    for (const schedule of schedules) {
      new kubernetes.apiextensions.CustomResource(
        `schedule-${schedule.name}`,
        {
          apiVersion: "velero.io/v1",
          kind: "Schedule",
          metadata: { name: schedule.name, namespace: this.namespace, labels: this.labels },
          spec: pulumi.output(applicationNamespace).apply((namespace) => scheduleSpec(schedule, namespace, main)),
        },
        { parent: this, dependsOn: locations },
      );
    }
  }

  /** The cluster puts this ConfigMap into every namespace by itself; a restore would find it in its way, and warn. */
  private leaveOutTheClusterCertificate(): void {
    new kubernetes.core.v1.ConfigMapPatch(
      "cluster-certificate-left-out",
      {
        metadata: {
          name: "kube-root-ca.crt",
          namespace: this.args.applicationNamespace,
          labels: { "velero.io/exclude-from-backup": "true" },
          annotations: { "pulumi.com/patchForce": "true" },
        },
      },
      { parent: this, retainOnDelete: true },
    );
  }

  private summary(location: Location, place: pulumi.Input<Place> | undefined): pulumi.Output<LocationSummary> {
    return pulumi.output(place as pulumi.Input<Place>).apply(({ bucket, prefix, endpoint }) => ({
      name: location.name,
      kind: location.kind,
      bucket,
      prefix,
      endpoint,
      default: location.default,
      afterDestroy: afterDestroy(location),
    }));
  }
}

/** What a bucket's owner is called: the project's and the stack's name say more to a person than the customer's alone. */
function stackOf(customer: string): string {
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  return stack.endsWith(`/${customer}`) ? stack : `${stack} (customer ${customer})`;
}

function storePorts(locations: readonly Location[]): number[] {
  return locations.flatMap((location) => {
    if (location.kind !== "s3" || location.endpoint === undefined) return [];
    const { port, protocol } = new URL(location.endpoint);
    return [port ? Number(port) : protocol === "http:" ? 80 : 443];
  });
}
