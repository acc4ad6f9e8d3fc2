import { createHash } from "node:crypto";
import { type CloudType, type Reference, valuesAt } from "../cloud/cloud-type";
import { digits, externalAddress, letters } from "../cloud/deterministic";
import { networkReference } from "./network";
import { ACCOUNT, iamTypes, projectOf } from "./projects";
import { CRYPTO_KEY } from "./security";

const BUCKET = "gcp:storage/bucket:Bucket";
const OBJECT = "gcp:storage/bucketObject:BucketObject";
const ZONE = "gcp:dns/managedZone:ManagedZone";
const SQL_INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance";

const bucketIam = iamTypes(
  (properties) => `b/${String(properties.bucket)}`,
  [{ path: "bucket", to: BUCKET, onTargetDeletion: "cascade" }],
);
const ofSqlInstance: Reference = { path: "instance", to: SQL_INSTANCE, onTargetDeletion: "cascade" };

/** Buckets, name service zones, SQL servers, artefact registries. */
export const dataTypes: { [token: string]: CloudType } = {
  [BUCKET]: {
    id: "{name}",
    references: [{ path: "encryption.defaultKmsKeyName", to: CRYPTO_KEY }],
    computed: ({ project, location }, _context, id) => ({
      location: String(location ?? "").toUpperCase(),
      url: `gs://${id}`,
      selfLink: `https://www.googleapis.com/storage/v1/b/${id}`,
      projectNumber: Number(digits(`project ${String(project)}`, 12)),
    }),
    refuseDelete({ id, properties }, { content }) {
      const full = content.resources.some((entry) => entry.type === OBJECT && entry.properties.bucket === id);
      if (!full || properties.forceDestroy === true) return undefined;
      return `error trying to delete bucket ${id} containing objects without forceDestroy set to true`;
    },
  },
  [OBJECT]: {
    id: "{bucket}-{name}",
    references: [{ path: "bucket", to: BUCKET, onTargetDeletion: "cascade" }],
    computed: ({ bucket, name, content }) => ({
      outputName: String(name),
      md5hash: createHash("md5")
        .update(String(content ?? ""))
        .digest("base64"),
      selfLink: `https://www.googleapis.com/storage/v1/b/${String(bucket)}/o/${encodeURIComponent(String(name))}`,
      mediaLink: `https://storage.googleapis.com/download/storage/v1/b/${String(bucket)}/o/${encodeURIComponent(String(name))}`,
    }),
  },
  "gcp:storage/bucketIAMMember:BucketIAMMember": bucketIam.member,
  "gcp:storage/bucketIAMBinding:BucketIAMBinding": bucketIam.binding,
  "gcp:storage/hmacKey:HmacKey": {
    autoName: false,
    id(properties, context) {
      const number = context.count(`hmac keys of ${String(properties.serviceAccountEmail)}`);
      const access = letters(`${String(properties.serviceAccountEmail)} ${number}`, 57).toUpperCase();
      return `projects/${projectOf(properties, context)}/hmacKeys/GOOG1E${access}`;
    },
    references: [{ path: "serviceAccountEmail", to: ACCOUNT, by: "email", onTargetDeletion: "ignore" }],
    computed: (_properties, _context, id) => ({
      accessId: id.split("/").pop() ?? "",
      secret: createHash("sha256").update(`secret of ${id}`).digest("base64").slice(0, 40),
    }),
  },
  [ZONE]: {
    id: "projects/{project}/managedZones/{name}",
    references: [networkReference("privateVisibilityConfig.networks.networkUrl")],
    check: ({ dnsName }) =>
      typeof dnsName !== "string" || dnsName.endsWith(".")
        ? []
        : [{ property: "dnsName", reason: `must end with a dot, not ${JSON.stringify(dnsName)}` }],
    computed: (_properties, _context, id) => ({
      managedZoneId: Number(digits(id, 15)),
      nameServers: [1, 2, 3, 4].map((number) => `ns-cloud-a${number}.googledomains.com.`),
    }),
  },
  "gcp:dns/recordSet:RecordSet": {
    autoName: false,
    id: "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}",
    // A zone that is not in the ledger is one that the customer had before.
    references: [{ path: "managedZone", to: ZONE, mustExist: false }],
    check: ({ name, type, rrdatas }) => [
      ...(typeof name !== "string" || name.endsWith(".")
        ? []
        : [{ property: "name", reason: `must end with a dot, not ${JSON.stringify(name)}` }]),
      ...(type === "A" &&
      valuesAt({ rrdatas: rrdatas ?? [] }, "rrdatas").some((data) => !/^[0-9.]+$/.test(String(data)))
        ? [{ property: "rrdatas", reason: "must be IPv4 addresses in a record of the type A" }]
        : []),
    ],
  },
  [SQL_INSTANCE]: {
    id: "{name}",
    // The name of a deleted instance stays taken for a week (https://cloud.google.com/sql/docs/postgres/delete-instance).
    retiresId: true,
    references: [
      networkReference("settings.ipConfiguration.privateNetwork"),
      { path: "encryptionKeyName", to: CRYPTO_KEY },
    ],
    computed: ({ project, region, name }, _context, id) => ({
      connectionName: `${String(project)}:${String(region)}:${String(name)}`,
      firstIpAddress: externalAddress(id),
      publicIpAddress: externalAddress(id),
      selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/projects/${String(project)}/instances/${id}`,
    }),
    refuseDelete: ({ id, properties }) =>
      properties.deletionProtection === true
        ? `cannot destroy instance ${id} because deletionProtection is set to true`
        : undefined,
  },
  "gcp:sql/database:Database": {
    id: "projects/{project}/instances/{instance}/databases/{name}",
    references: [ofSqlInstance],
  },
  "gcp:sql/user:User": {
    id: ({ name, host, instance }) => `${String(name)}/${String(host ?? "")}/${String(instance)}`,
    references: [ofSqlInstance],
  },
  "gcp:artifactregistry/repository:Repository": {
    autoName: false,
    id: "projects/{project}/locations/{location}/repositories/{repositoryId}",
    references: [{ path: "kmsKeyName", to: CRYPTO_KEY }],
    computed: ({ project, location, repositoryId }) => ({
      name: String(repositoryId),
      registryUri: `${String(location)}-docker.pkg.dev/${String(project)}/${String(repositoryId)}`,
    }),
  },
};
