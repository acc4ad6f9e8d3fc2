/** Velero's locations and schedules. Pure. */
import { base64 } from "../kubernetes/base64";
import type { Location, Schedule } from "./args";
import { CREDENTIALS_KEY } from "./names";

/** Where a location's backups lie, and how Velero gets there. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
  /** Address of the store. */
  readonly endpoint: string;
  /** The address as Velero is told it. Absent: Velero finds it by the region. */
  readonly url?: string;
  /** Absent: the store has none. */
  readonly region?: string;
  /** Bucket in the path of an address, not in the host name. */
  readonly pathStyle: boolean;
  readonly caCertificate?: string;
  readonly serverSideEncryption?: string;
  /** Checksum that is sent with each object, `""` for none. Absent: CRC32, which Velero's plugin does by itself. */
  readonly checksumAlgorithm?: string;
  /** Google identity that signs addresses for downloads. */
  readonly googleAccount?: string;
}

/** How often Velero looks whether a store is there. */
const VALIDATION_FREQUENCY = "30s";

/**
 * Specification of a BackupStorageLocation.
 * @param secret name of the Secret with its credentials; none where an identity of the cluster is enough
 */
export function locationSpec(location: Pick<Location, "kind" | "default">, place: Place, secret: string | undefined) {
  const { bucket, prefix, caCertificate } = place;
  const ca = caCertificate && { caCert: base64(caCertificate) };
  return {
    provider: location.kind === "gcs" ? "gcp" : "aws",
    default: location.default,
    accessMode: "ReadWrite",
    validationFrequency: VALIDATION_FREQUENCY,
    objectStorage: { bucket, prefix, ...ca },
    config: location.kind === "gcs" ? googleConfiguration(place) : s3Configuration(place),
    ...(secret === undefined ? {} : { credential: { name: secret, key: CREDENTIALS_KEY } }),
  };
}

function googleConfiguration({ googleAccount }: Place): Record<string, string> {
  return googleAccount === undefined ? {} : { serviceAccount: googleAccount };
}

/** See https://github.com/velero-io/velero-plugin-for-aws/blob/main/backupstoragelocation.md */
function s3Configuration(place: Place): Record<string, string> {
  const { checksumAlgorithm, url, region = "", pathStyle, serverSideEncryption } = place;
  return {
    region,
    s3ForcePathStyle: String(pathStyle),
    ...(url === undefined ? {} : { s3Url: url }),
    ...(serverSideEncryption ? { serverSideEncryption } : {}),
    ...(checksumAlgorithm === undefined ? {} : { checksumAlgorithm }),
  };
}

/** An AWS profile file, which is how Velero's plugin and its repositories take credentials. */
export function profileFile(accessKeyId: string, secretAccessKey: string): string {
  return `[default]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
}

/** Specification of a Schedule: every volume is copied, and what it takes to make the objects again. */
export function scheduleSpec(schedule: Schedule, applicationNamespace: string) {
  const { cron, retention, location, namespaces } = schedule;
  return {
    schedule: cron,
    // Backups that name their schedule as owner would be deleted with it.
    useOwnerReferencesInBackup: false,
    template: {
      includedNamespaces: namespaces.length > 0 ? [...namespaces] : [applicationNamespace],
      excludedResources: EXCLUDED_RESOURCES,
      storageLocation: location,
      ttl: retention,
      defaultVolumesToFsBackup: true,
      snapshotVolumes: false,
    },
  };
}

/** What the cluster makes again by itself. Restored, it would be in its way. */
const EXCLUDED_RESOURCES = ["events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io"];
