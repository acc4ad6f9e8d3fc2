import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BackupArgs, InClusterLocation, Location, S3Location } from "../../../components/backup/args";
import { Backup } from "../../../components/backup/backup";
import { type Registration, type Run, runProgram } from "../../support/pulumi-mocks";
import { definitionOf } from "../../support/sample-definition";

const resources = { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: undefined, memory: "256Mi" } };

/** A store in the cluster. */
export function inside(more: Partial<InClusterLocation> = {}): InClusterLocation {
  return {
    kind: "minio",
    name: "inside",
    default: true,
    storageSize: "10Gi",
    storageClass: undefined,
    secretGeneration: 1,
    deletionProtection: true,
    resources,
    ...more,
  };
}

/** A store outside. */
export function outside(more: Partial<S3Location> = {}): S3Location {
  return {
    kind: "s3",
    name: "outside",
    default: false,
    endpoint: "https://s3.example.com:9443",
    region: "eu-central-1",
    bucket: "acme",
    pathStyle: true,
    accessKeyId: pulumi.secret("outside-access-key"),
    secretAccessKey: pulumi.secret("outside-secret-key"),
    caCertificate: undefined,
    serverSideEncryption: undefined,
    checksumAlgorithm: undefined,
    objectLockDays: undefined,
    ...more,
  };
}

/** A bucket on Google Cloud. */
export const bucket: Location = {
  kind: "gcs",
  name: "cloud",
  default: false,
  project: "acme-platform",
  bucket: undefined,
  storageLocation: "EU",
  retentionLockDays: undefined,
  softDeleteDays: 7,
};

/** The API of a cluster that has nothing. */
export const api = async () => ({
  get: async () => ({}),
  patch: async () => ({}),
  create: async () => ({}),
  delete: async () => undefined,
});

/** Arguments with one store in the cluster and one schedule. */
export const minimal: BackupArgs = {
  customer: "acme",
  namespace: "velero",
  applicationNamespace: "parse",
  images: {
    velero: "docker.io/velero/velero:v1",
    pluginForAws: "docker.io/velero/velero-plugin-for-aws:v1",
    pluginForGcp: "docker.io/velero/velero-plugin-for-gcp:v1",
    minio: "quay.io/minio/minio:v1",
    seaweedfs: "docker.io/chrislusf/seaweedfs:1",
    versitygw: "docker.io/versity/versitygw:v1",
    node: "docker.io/parseplatform/parse-server:9",
  },
  definitions: { backups: definitionOf("backups.velero.io") },
  locations: [inside()],
  prefix: "acme",
  schedules: [{ name: "daily", cron: "30 2 * * *", retention: "720h", location: "inside", namespaces: [] }],
  timeouts: { fileSystemBackup: "6h", itemOperations: "1h30m" },
  resources,
  volumeCopyResources: resources,
  repositoryPassword: undefined,
  lastRepositoryPassword: undefined,
  clusterProject: undefined,
  imagePullCredentials: undefined,
  api,
  startsAfter: [],
};

function compute({ type, inputs }: Registration): Record<string, unknown> | undefined {
  if (type === "gcp:serviceaccount/account:Account") return { email: `${inputs.accountId}@example.com` };
  return undefined;
}

/** Runs the component. */
export function deploy(args: Partial<BackupArgs> = {}): Promise<Run<Backup>> {
  return runProgram(
    () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
      return new Backup("backup", { ...minimal, ...args }, { provider });
    },
    { compute },
  );
}

/** Name in the cluster. */
export const nameOf = (registration: Registration) => (registration.inputs.metadata as { name: string }).name;

/** Specification in the cluster. */
export const spec = (registration: Registration) => registration.inputs.spec as Record<string, unknown>;

/** A Secret's data in clear. */
export const decoded = (registration: Registration) =>
  Object.fromEntries(
    Object.entries(registration.inputs.data as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString("utf8"),
    ]),
  );
