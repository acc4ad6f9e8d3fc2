/**
 * What connects a cluster of the customer's own to Rancher: the essence of the manifest that Rancher serves under
 * `/v3/import/…` (pkg/systemtemplate in https://github.com/rancher/rancher). Written out rather than fetched: the
 * address carries a token that Rancher 2.15 renews every 30 days, so a fetched one could neither be previewed nor be
 * the same twice; and every object is there for previews and policies to see. Once connected, Rancher brings its own
 * agent up to date itself.
 */
import { createHash } from "node:crypto";

/** Namespace of the agent; Rancher's fixed name. */
export const AGENT_NAMESPACE = "cattle-system";
/** Name of the agent's Deployment; Rancher's fixed name. */
export const AGENT_NAME = "cattle-cluster-agent";
/** Name of the agent's service account; Rancher's fixed name. */
export const AGENT_ACCOUNT = "cattle";
/** Name of the agent's cluster role; Rancher's fixed name. */
export const AGENT_ROLE = "cattle-admin";
/** Name of the Secret with the agent's token. */
export const AGENT_CREDENTIALS = "cattle-credentials-onprem";

/** What the agent has to know. */
export interface AgentSettings {
  /** Address of Rancher. */
  readonly url: string;
  /** Image of the agent, of the same version as Rancher. */
  readonly image: string;
  /** PEM of the private CA of Rancher's certificate; absent where a public CA signed. */
  readonly caCertificate?: string;
}

/** SHA-256 by which the agent knows the CA that Rancher shows it: over the text with one newline at its end. */
export function caChecksum(caCertificate: string): string {
  const text = caCertificate.endsWith("\n") ? caCertificate : `${caCertificate}\n`;
  return createHash("sha256").update(text).digest("hex");
}

/** Rules of the agent's role. Rancher manages whatever is in the cluster, so they are everything. */
export const AGENT_RULES = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

/** Specification of the agent's Deployment. */
export function agentDeploymentSpec({ url, image, caCertificate }: AgentSettings) {
  const labels = { app: AGENT_NAME };
  const checksum = caCertificate === undefined ? "" : caChecksum(caCertificate);
  const environment = {
    CATTLE_SERVER: url,
    CATTLE_CA_CHECKSUM: checksum,
    CATTLE_CLUSTER: "true",
    CATTLE_K8S_MANAGED: "true",
    CATTLE_CREDENTIAL_NAME: AGENT_CREDENTIALS,
    STRICT_VERIFY: checksum === "" ? "false" : "true",
  };
  return {
    selector: { matchLabels: labels },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: AGENT_ACCOUNT,
        nodeSelector: { "kubernetes.io/os": "linux" },
        containers: [
          {
            name: "cluster-register",
            image,
            env: Object.entries(environment).map(([name, value]) => ({ name, value })),
            volumeMounts: [{ name: "cattle-credentials", mountPath: "/cattle-credentials", readOnly: true }],
          },
        ],
        volumes: [{ name: "cattle-credentials", secret: { secretName: AGENT_CREDENTIALS, defaultMode: 0o500 } }],
      },
    },
  };
}
