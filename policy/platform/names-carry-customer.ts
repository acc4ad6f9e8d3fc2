import { BUCKET, CLUSTER, DISK, INSTANCE } from "../cloud/resources";
import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";

const NAME_PROPERTY: Readonly<Record<string, string>> = {
  [CLUSTER]: "name",
  [INSTANCE]: "name",
  [DISK]: "name",
  [BUCKET]: "name",
  "gcp:compute/network:Network": "name",
  "gcp:compute/address:Address": "name",
  "gcp:serviceaccount/account:Account": "accountId",
};

/** A name in a cloud console says whose it is. */
export const namesCarryCustomer = resourcePolicy({
  name: "names-carry-customer",
  description: "Names that a person meets in the cloud carry the customer.",
  level: "mandatory",
  severity: "low",
  framework: ours("Stable names that say the customer"),
  link: "https://cloud.google.com/compute/docs/naming-resources",
  remedy: "Begin the name with the customer's.",
  types: Object.keys(NAME_PROPERTY),
  *check({ type, props }, { settings }) {
    const property = NAME_PROPERTY[type] ?? "name";
    const name: unknown = props[property];
    if (settings.customer === undefined || typeof name !== "string") return;
    if (name.split(/[-_.]/).join("-").includes(settings.customer)) return;
    yield { property, problem: `is "${name}"`, fix: `begin it with "${settings.customer}"` };
  },
});
