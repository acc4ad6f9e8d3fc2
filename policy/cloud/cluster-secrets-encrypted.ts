import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER } from "./resources";

/** Secrets are encrypted in etcd by a key of the customer's. */
export const clusterSecretsEncrypted = resourcePolicy({
  name: "cluster-secrets-encrypted",
  description: "Kubernetes Secrets are encrypted with a key in Cloud KMS.",
  level: "mandatory",
  severity: "medium",
  framework: cisGke("5.3.1", "Ensure Kubernetes secrets are encrypted using keys managed in Cloud KMS"),
  link: links.gkeHardening,
  remedy: "Set databaseEncryption to ENCRYPTED with a keyName.",
  types: [CLUSTER],
  *check({ props }) {
    if (props.databaseEncryption?.state === "ENCRYPTED") return;
    const fix = "set state: ENCRYPTED with a keyName of Cloud KMS";
    yield { property: "databaseEncryption.state", problem: "is not ENCRYPTED", fix };
  },
});
