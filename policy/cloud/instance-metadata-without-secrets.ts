import { resourcePolicy } from "../definition";
import { links, ours } from "../frameworks";
import { secretsIn } from "../secret-shapes";
import { INSTANCE } from "./resources";

/** Whoever may view the project reads a machine's metadata. */
export const instanceMetadataWithoutSecrets = resourcePolicy({
  name: "instance-metadata-without-secrets",
  description: "Instance metadata and start-up scripts hold no secrets: every viewer of the project reads them.",
  level: "mandatory",
  severity: "critical",
  framework: ours("Secrets only where they are read by those who need them"),
  link: links.googleCloud,
  remedy: "Keep the secret in Secret Manager and read it with the machine's service account.",
  types: [INSTANCE, "gcp:compute/instanceTemplate:InstanceTemplate", "gcp:compute/projectMetadata:ProjectMetadata"],
  *check({ props }) {
    for (const key of ["metadata", "metadataStartupScript"]) {
      for (const { path, shape } of secretsIn({ [key]: props[key] })) {
        const problem = `holds what looks like ${shape}`;
        yield { property: path, problem, fix: "read it from Secret Manager when the machine starts" };
      }
    }
  },
});
