/** The blackbox exporter's configuration and pods. Pure. */
import { runAsUser, unprivileged } from "../kubernetes/pods";
import { BLACKBOX, PULL_SECRET } from "./names";

/** Labels that select the pods. */
export const blackboxSelector = { "app.kubernetes.io/name": BLACKBOX.name };

/** The exporter's configuration: a probe succeeds on a 2xx answer within five seconds. */
export const BLACKBOX_CONFIGURATION = JSON.stringify({
  modules: {
    http_ok: { prober: "http", timeout: "5s", http: { preferred_ip_protocol: "ip4", follow_redirects: true } },
  },
});

/** User of the exporter's image. */
const BLACKBOX_USER = 65_534;

/** What the Deployment depends on. */
export interface BlackboxSettings<Text> {
  readonly image: string;
  readonly labels: Record<string, string>;
  /** Name of the ConfigMap with the configuration. */
  readonly configuration: Text;
  readonly pullSecret: boolean;
}

/** Specification of the Deployment. */
export function blackboxSpec<Text>({ configuration, image, labels, pullSecret }: BlackboxSettings<Text>) {
  const probe = { httpGet: { path: "/-/healthy", port: "http" }, timeoutSeconds: 5 };
  return {
    replicas: 1,
    revisionHistoryLimit: 3,
    selector: { matchLabels: blackboxSelector },
    template: {
      metadata: { labels: { ...labels, ...blackboxSelector } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        imagePullSecrets: pullSecret ? [{ name: PULL_SECRET }] : [],
        securityContext: runAsUser(BLACKBOX_USER),
        containers: [
          {
            name: BLACKBOX.name,
            image,
            imagePullPolicy: "IfNotPresent",
            args: ["--config.file=/configuration/blackbox.yml"],
            ports: [{ name: "http", containerPort: BLACKBOX.port }],
            readinessProbe: { ...probe, periodSeconds: 5 },
            livenessProbe: { ...probe, periodSeconds: 30 },
            securityContext: unprivileged,
            resources: { requests: { cpu: "10m", memory: "24Mi" }, limits: { memory: "96Mi" } },
            volumeMounts: [{ name: "configuration", mountPath: "/configuration", readOnly: true }],
          },
        ],
        volumes: [{ name: "configuration", configMap: { name: configuration } }],
      },
    },
  };
}
