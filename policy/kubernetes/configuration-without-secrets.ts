import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";
import { secretsIn } from "../secret-shapes";

/** ConfigMaps are read by everybody who may look around. */
export const configurationWithoutSecrets = manifestPolicy({
  name: "configuration-without-secrets",
  description: "ConfigMaps hold no secrets, by shape and by entropy.",
  level: "mandatory",
  severity: "critical",
  framework: ours("Secrets only in Secrets"),
  link: "https://kubernetes.io/docs/concepts/configuration/secret/",
  remedy: "Move the value into a Secret and mount that as a file.",
  kinds: ["ConfigMap"],
  *check({ object }) {
    for (const { path, shape } of secretsIn({ data: object.data, binaryData: object.binaryData })) {
      yield { property: path, problem: `holds what looks like ${shape}`, fix: "move it into a Secret" };
    }
  },
});
