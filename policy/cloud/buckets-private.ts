import { resourcePolicy } from "../definition";
import { cisGoogleCloud } from "../frameworks";
import { BUCKET } from "./resources";

/** Buckets are nobody's but the project's. */
export const bucketsPrivate = resourcePolicy({
  name: "buckets-private",
  description: "Buckets are closed to the public and governed by IAM alone.",
  level: "mandatory",
  severity: "critical",
  framework: cisGoogleCloud("5.1, 5.2", "Ensure buckets are not public and have uniform bucket-level access"),
  link: "https://cloud.google.com/storage/docs/public-access-prevention",
  remedy: "Set publicAccessPrevention to enforced and uniformBucketLevelAccess to true.",
  types: [BUCKET, "gcp:storage/bucketAccessControl:BucketAccessControl"],
  *check({ type, props }) {
    if (type !== BUCKET) {
      yield { property: "entity", problem: "is an access control list of its own", fix: "grant an IAM role instead" };
      return;
    }
    if (props.publicAccessPrevention !== "enforced") {
      yield { property: "publicAccessPrevention", problem: "is not enforced", fix: 'set it to "enforced"' };
    }
    if (props.uniformBucketLevelAccess !== true) {
      yield { property: "uniformBucketLevelAccess", problem: "is not true", fix: "set it to true" };
    }
  },
});
