import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { BUCKET, CLUSTER, DISK } from "./resources";

/** What cannot be made again is not deleted by a slip. */
export const dataProtected = resourcePolicy({
  name: "data-protected",
  description: "In production, disks, buckets and clusters cannot be deleted or replaced by a slip.",
  level: "mandatory",
  severity: "high",
  framework: ours("What holds data is protected"),
  link: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  remedy: "Set deletionProtection in the settings of the part that the resource belongs to.",
  types: [DISK, BUCKET, CLUSTER],
  *check({ type, props, protect }, { settings }) {
    if (!settings.production || protect) return;
    if (type === CLUSTER && props.deletionProtection !== false) return;
    const property = type === CLUSTER ? "deletionProtection" : "protect";
    const fix = "set deletionProtection: true in the settings of its section";
    yield { property, problem: "is not set: one wrong run deletes it", fix };
    if (type === BUCKET && props.forceDestroy === true) {
      yield { property: "forceDestroy", problem: "is true: deleting it takes the objects along", fix: "leave it out" };
    }
  },
});
