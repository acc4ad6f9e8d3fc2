import { type CloudType, valuesAt } from "../cloud/cloud-type";
import { digits } from "../cloud/deterministic";
import { iamMember } from "./projects";
import { CRYPTO_KEY } from "./security";

const BUCKET = "gcp:storage/bucket:Bucket";

/** Buckets, and records of zones that the customer has. */
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
  },
  "gcp:storage/bucketIAMMember:BucketIAMMember": iamMember(
    (properties) => `b/${String(properties.bucket)}`,
    [{ path: "bucket", to: BUCKET, onTargetDeletion: "cascade" }],
  ),
  "gcp:dns/recordSet:RecordSet": {
    autoName: false,
    id: "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}",
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
};
