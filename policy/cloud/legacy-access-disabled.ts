import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER, NODE_POOL } from "./resources";

/** No way in that newer ones have replaced. */
export const legacyAccessDisabled = resourcePolicy({
  name: "legacy-access-disabled",
  description: "Client certificates, legacy authorization and legacy metadata endpoints are off.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.4.1, 5.8.1, 5.8.3", "Ensure legacy metadata, client certificates and ABAC are disabled"),
  link: links.gkeHardening,
  remedy: "Leave enableLegacyAbac and disable-legacy-endpoints as they are, and issue no client certificate.",
  types: [CLUSTER, NODE_POOL],
  *check({ type, props }) {
    if (props.nodeConfig?.metadata?.["disable-legacy-endpoints"] === "false") {
      const property = 'nodeConfig.metadata["disable-legacy-endpoints"]';
      yield { property, problem: "is false", fix: "leave it out, or set it to true" };
    }
    if (type !== CLUSTER) return;
    if (props.enableLegacyAbac === true) {
      yield { property: "enableLegacyAbac", problem: "is true", fix: "leave it out: RBAC decides" };
    }
    if (props.masterAuth?.clientCertificateConfig?.issueClientCertificate === true) {
      const property = "masterAuth.clientCertificateConfig.issueClientCertificate";
      yield { property, problem: "is true; a client certificate cannot be revoked", fix: "set it to false" };
    }
  },
});
