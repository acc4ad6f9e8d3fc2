import { z } from "zod";
import { velero } from "../../releases/releases";
import { certificate, dnsLabel, secret, text, version, webAddress } from "../fields";
import { cron, goDuration, resources, retention, volumeSize } from "../grammar-fields";

const locationName = dnsLabel("inside").describe("Name of the location; each name once.");
const isDefault = z
  .boolean()
  .describe("Takes backups that name no location; exactly one location is the default.")
  .default(false);
const bucket = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9._]{1,61}[a-z0-9]$/)
  .meta({ allowed: "a bucket name", example: "acme-backup" });

function inCluster(kind: "minio" | "seaweedfs" | "versitygw", description: string) {
  return z.strictObject({
    kind: z.literal(kind).describe(description),
    name: locationName,
    default: isDefault,
    storageSize: volumeSize("100Gi").describe("Volume of the store.").default("100Gi"),
    storageClass: dnsLabel("premium-rwo").optional().describe("StorageClass; the cluster's default when absent."),
    secretGeneration: z.int().min(1).max(9999).describe("Rotation number of the store's credentials.").default(1),
    deletionProtection: z.boolean().describe("Refuses to delete the store with its backups.").default(true),
    resources: resources({ cpu: "100m", memory: "256Mi" }, { memory: "1Gi" }),
  });
}

const location = z.discriminatedUnion("kind", [
  inCluster("minio", "MinIO in the cluster: fast restores, lost with the cluster."),
  inCluster("seaweedfs", "SeaweedFS in the cluster: the same role, maintained."),
  inCluster("versitygw", "Versity S3 gateway in the cluster: the same role, maintained."),
  z.strictObject({
    kind: z.literal("gcs").describe("A Google Cloud Storage bucket that this stack makes; no key is needed."),
    name: locationName,
    default: isDefault,
    bucket: bucket.optional().describe("Name of the bucket; made from the customer's name when absent."),
    project: text().optional().describe("Project of the bucket; the cluster's when absent."),
    storageLocation: text().meta({ example: "EU" }).describe("Region or multi-region of the bucket."),
    retentionLockDays: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe(
        "Nothing can be deleted or overwritten for this many days, and the lock can never be taken off; docs/backup.md says what it costs. Absent: no lock.",
      ),
    softDeleteDays: z
      .int()
      .min(0)
      .max(90)
      .refine((days) => days === 0 || days >= 7)
      .meta({ allowed: "0, or a whole number from 7 to 90: Google takes nothing between", example: 7 })
      .describe("How long deleted objects can be brought back, days; 0 switches it off.")
      .default(7),
  }),
  z.strictObject({
    kind: z.literal("s3").describe("Any S3 store outside the cluster."),
    name: locationName,
    default: isDefault,
    endpoint: webAddress("https://s3.example.com")
      .describe("Address of the store, used as it is given; by default Amazon's for the region.")
      .default("https://s3.amazonaws.com"),
    region: text()
      .meta({ example: "eu-central-1" })
      .describe("Region; some name is needed even where the store has none."),
    bucket: bucket.describe("A bucket that exists."),
    pathStyle: z
      .boolean()
      .describe("Bucket in the path, not in the host name; needed by nearly every store but Amazon's.")
      .default(true),
    accessKeyId: secret("the access key id of the store").describe("Access key id."),
    secretAccessKey: secret("the secret access key of the store").describe("Secret access key."),
    caCertificate: certificate()
      .optional()
      .describe("CA of the store's certificate; absent when a public CA signed it."),
    serverSideEncryption: z
      .enum(["AES256"])
      .optional()
      .describe("Encryption that is asked of the store for each object. Absent: what the store does by itself."),
    checksumAlgorithm: z
      .enum(["", "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
      .optional()
      .describe(
        'Checksum that is sent with each object; "" for none, which some stores need: docs/object-stores.md. Absent: none for the stores that are known to refuse it, else CRC32.',
      ),
    objectLockDays: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe("Refuses a bucket whose object lock is shorter than this, days. Absent: the bucket needs none."),
  }),
]);

const schedule = z.strictObject({
  name: dnsLabel("daily").describe("Name of the schedule; each name once."),
  cron: cron().describe("When, UTC. Where both a day of the month and a day of the week are given, both must fit."),
  retention: retention().describe("How long each backup is kept."),
  location: dnsLabel("outside").optional().describe("A name from `locations`; the default one when absent."),
  namespaces: z.array(dnsLabel("parse")).describe("Namespaces to back up; the application's when empty.").default([]),
});

const DEFAULT_SCHEDULES = [
  { name: "hourly", cron: "17 * * * *", retention: "48h" },
  { name: "daily", cron: "30 2 * * *", retention: "720h" },
  { name: "weekly", cron: "45 3 * * 0", retention: "4320h" },
];

/** Velero, its stores, and the drill that proves them. */
export const backup = z
  .strictObject({
    version: version("1.18.3").describe("Velero version.").default(velero.version),
    namespace: dnsLabel("velero").describe("Namespace of Velero.").default("velero"),
    locations: z
      .array(location)
      .min(1)
      .describe("Stores. Production needs one outside the cluster; one inside is faster.")
      .prefault([{ kind: "minio", name: "inside", default: true }]),
    prefix: dnsLabel("acme")
      .optional()
      .describe("Directory in the bucket; the customer's name when absent. Two stacks must not share one."),
    schedules: z.array(schedule).describe("When backups are made.").prefault(DEFAULT_SCHEDULES),
    databaseHooks: z.boolean().describe("Makes the database's files consistent before they are copied.").default(true),
    timeouts: z
      .strictObject({
        hooks: goDuration("30m", { least: "1s", most: "4h" })
          .describe(
            "How long it may take to make a database's files consistent: PostgreSQL is copied in that time, a member of MongoDB locked. Another value restarts the database's pods.",
          )
          .default("30m"),
        fileSystemBackup: goDuration("4h")
          .describe(
            "How long the copying of all volumes of a backup may take, and bringing them back in a restore. A member of MongoDB stays locked for as long at most.",
          )
          .default("4h"),
        itemOperations: goDuration("4h")
          .describe(
            "How long plugins may take for what they go on with by themselves, such as moving a snapshot's data.",
          )
          .default("4h"),
      })
      .prefault({})
      .describe("How long Velero lets its work take; what takes longer fails the backup."),
    repositoryPassword: secret("the repository password from escrow")
      .optional()
      .describe(
        "Password of an older installation's backups, to go on with them. Absent: one is made, once; the output `backup.repositoryPassword` has it, for escrow.",
      ),
    resources: resources({ cpu: "250m", memory: "256Mi" }, { memory: "1Gi" }),
    volumeCopyResources: resources({ cpu: "100m", memory: "256Mi" }, { memory: "1Gi" }),
    drill: z
      .strictObject({
        maximumAgeDays: z
          .int()
          .min(1)
          .max(90)
          .describe(
            "How old the last drill may be for an upgrade, days. The backup that it proved has a limit of its own: `policy.maximumBackupAgeHours`.",
          )
          .default(8),
      })
      .prefault({})
      .describe("The drill: backup, loss, restore, comparison."),
  })
  .describe("Velero, the stores it writes to and the drill that proves a restore. Absent: no backup.");
