import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { givenName } from "../kubernetes/given-name";
import { adoptExisting, objectMetadata, podSecurityLabels } from "../kubernetes/object-metadata";
import { createSecret, pullSecret } from "../kubernetes/secret";
import type { BackupArgs, Location, LocationSummary } from "./args";
import { VeleroDefinitions } from "./definitions";
import { locationSpec, scheduleSpec } from "./locations";
import { afterDestroy, commonLabels, REPOSITORY_SECRET } from "./names";
import { VeleroPermissions } from "./permissions";
import { type ProofSurroundings, proofOfLocation, proofOfSchedules } from "./proofs";
import { firstPasswordOnly } from "./repository-password";
import { type PreparedStore, Stores } from "./stores";
import { Velero } from "./velero";

const PASSWORD_LENGTH = 48;
const LOCATION_TIMEOUT_SECONDS = 180;

const ESCROW =
  "Backups are worth nothing without this password, and a lost cluster takes its copy along. Keep it outside the cluster and outside this stack's state, where two people can get at it: pulumi stack output --show-secrets --json | jq -r .backup.repositoryPassword. A new stack goes on with the backups when it is given it: pulumi config set --secret --path 'onprem:backup.repositoryPassword'.";

/**
 * Velero with its stores and schedules, in a namespace of its own.
 *
 * @example
 * new Backup("backup", { ...settings.backup, customer: "acme", applicationNamespace: "parse", images, ... }, { provider })
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
  /** Velero's programs. */
  readonly velero: Velero;

  /** Labels of every object. */
  readonly labels: Record<string, string>;
  private readonly imagePullSecrets: pulumi.Output<string>[];

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
    const { namespace, labels, imagePullSecrets, repositoryPassword } = this;
    const repositorySecret = createSecret(
      "repository",
      {
        metadata: this.metadata(REPOSITORY_SECRET.name),
        type: "Opaque",
        texts: { [REPOSITORY_SECRET.key]: repositoryPassword },
      },
      { parent: this, protect: this.isProtected() },
    );
    const stores = new Stores({ args, parent: this, namespace, labels, imagePullSecrets, repositoryPassword });
    const prepared = args.locations.map((location) => stores.prepare(location));
    this.velero = this.createVelero(stores.googleAccount, [definitions, repositorySecret]);
    const created = prepared.map((store) => this.createLocation(store));
    this.schedules = args.schedules.map((schedule) => schedule.name);
    this.createSchedules(created);
    this.leaveOutTheClusterCertificate();
    this.locations = pulumi.all(prepared.map(summaryOf));
    this.registerOutputs({ namespace: this.namespace, locations: this.locations, schedules: this.schedules });
  }

  private metadata(name: string, annotations: Readonly<Record<string, string>> = {}) {
    return objectMetadata(name, this, annotations);
  }

  private createNamespace(): pulumi.Output<string> {
    const { namespace } = this.args;
    // The pods that copy volumes read other pods' volumes on the node, which only this level lets them.
    const labels = { ...this.labels, ...podSecurityLabels("privileged") };
    const created = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: namespace, labels, annotations: adoptExisting } },
      { parent: this, protect: this.isProtected() },
    );
    return givenName(created, namespace);
  }

  /** Made once: a changed password opens none of the earlier backups, and Velero refuses to go on with the repository. */
  private password(): pulumi.Output<string> {
    const { customer, lastRepositoryPassword, repositoryPassword } = this.args;
    if (repositoryPassword !== undefined) return pulumi.secret(repositoryPassword);
    const options = { length: PASSWORD_LENGTH, special: false };
    const made = new random.RandomPassword("repository-password", options, {
      parent: this,
      protect: this.isProtected(),
      hooks: firstPasswordOnly(`backup-${customer}-repository-password`, pulumi.output(lastRepositoryPassword)),
    });
    return pulumi.secret(made.result);
  }

  /** Whether something here may not be deleted; what it is worth nothing without may not either then. */
  private isProtected(): boolean {
    return this.args.locations.some((location) => "deletionProtection" in location && location.deletionProtection);
  }

  private pullSecrets(): pulumi.Output<string>[] {
    const { imagePullCredentials } = this.args;
    if (imagePullCredentials === undefined) return [];
    const content = pullSecret(this.metadata("image-pull"), imagePullCredentials);
    const secret = createSecret("image-pull", content, { parent: this });
    return [givenName(secret, "image-pull")];
  }

  private createVelero(googleAccount: pulumi.Output<string> | undefined, dependsOn: pulumi.Resource[]): Velero {
    const { args, labels, imagePullSecrets } = this;
    const permissions = new VeleroPermissions(
      "permissions",
      {
        customer: args.customer,
        namespace: this.namespace,
        labels,
        annotations: googleAccount ? { "iam.gke.io/gcp-service-account": googleAccount } : {},
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
      { parent: this, dependsOn: [...dependsOn, permissions, ...args.startsAfter] },
    );
  }

  private createLocation({ location, place, secret, dependsOn, checksumAlgorithm }: PreparedStore): pulumi.Resource {
    const { name } = location;
    const { images } = this.args;
    const annotations = {
      // Velero looks whether it gets there: a location that `up` left behind is one that works.
      "pulumi.com/waitFor": "jsonpath={.status.phase}=Available",
      "pulumi.com/timeoutSeconds": String(LOCATION_TIMEOUT_SECONDS),
    };
    const spec = pulumi.all([place, secret]).apply(([known, secretName]) => locationSpec(location, known, secretName));
    const resource = new kubernetes.apiextensions.CustomResource(
      `location-${name}`,
      { apiVersion: "velero.io/v1", kind: "BackupStorageLocation", metadata: this.metadata(name, annotations), spec },
      { parent: this, dependsOn: [this.velero, ...dependsOn] },
    );
    const plugin = location.kind === "gcs" ? images.pluginForGcp : images.pluginForAws;
    proofOfLocation(this.proofSurroundings(), { location, resource, spec, checksumAlgorithm, plugin });
    return resource;
  }

  private proofSurroundings(): ProofSurroundings {
    const { api, customer, namespace } = this.args;
    return { parent: this, customer, namespace, madeNamespace: this.namespace, labels: this.labels, api };
  }

  private createSchedules(locations: pulumi.Resource[]): void {
    const { applicationNamespace, schedules } = this.args;
    const created = schedules.map((schedule) => {
      const spec = pulumi.output(applicationNamespace).apply((namespace) => scheduleSpec(schedule, namespace));
      const resource = new kubernetes.apiextensions.CustomResource(
        `schedule-${schedule.name}`,
        { apiVersion: "velero.io/v1", kind: "Schedule", metadata: this.metadata(schedule.name), spec },
        { parent: this, dependsOn: locations },
      );
      return [schedule.name, { resource, spec }] as const;
    });
    proofOfSchedules(this.proofSurroundings(), new Map(created));
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
          annotations: adoptExisting,
        },
      },
      { parent: this, retainOnDelete: true },
    );
  }
}

function summaryOf({ location, place }: PreparedStore): pulumi.Output<LocationSummary> {
  return pulumi.output(place).apply(({ bucket, prefix, endpoint }) => ({
    name: location.name,
    kind: location.kind,
    bucket,
    prefix,
    endpoint,
    default: location.default,
    afterDestroy: afterDestroy(location),
  }));
}

function storePorts(locations: readonly Location[]): number[] {
  return locations.flatMap((location) => {
    if (location.kind !== "s3") return [];
    const { port, protocol } = new URL(location.endpoint);
    return [port ? Number(port) : protocol === "http:" ? 80 : 443];
  });
}
