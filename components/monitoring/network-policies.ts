/** NetworkPolicies of the monitoring's namespace. Pure. */
import type { types } from "@pulumi/kubernetes";
import type { Watched } from "./args";
import { blackboxSelector } from "./blackbox-pods";
import { BLACKBOX } from "./names";

const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
const DNS = { ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)] };
const HTTPS = 443;
/** Ports of Prometheus, Alertmanager, Grafana, and of the proxies in front of them in Rancher's app. */
const PAGES = [9090, 9093, 3000, 8081, 8080];

/**
 * Specifications of NetworkPolicies by name.
 * @param rancher whether Rancher shows the pages, which it does through the API server
 * @param ingress whether Grafana has a public host name
 */
export function networkPolicies(
  watched: Watched,
  rancher: boolean,
  ingress: boolean,
): Record<string, types.input.networking.v1.NetworkPolicySpec> {
  const { namespace, port, publicUrl } = watched.parse;
  const publicPort =
    publicUrl === undefined ? HTTPS : Number(new URL(publicUrl).port || (publicUrl.startsWith("https:") ? 443 : 80));
  return {
    // Egress is open: Prometheus reads every pod that has metrics, and Alertmanager posts to the receivers of the settings.
    monitoring: {
      podSelector: {
        matchExpressions: [{ key: "app.kubernetes.io/name", operator: "NotIn", values: [BLACKBOX.name] }],
      },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [{ podSelector: {} }] },
        ...(rancher ? [{ ports: tcp(...PAGES) }] : []),
        ...(ingress ? [{ from: [{ namespaceSelector: {} }], ports: tcp(3000) }] : []),
      ],
      egress: [{}],
    },
    [BLACKBOX.name]: {
      podSelector: { matchLabels: blackboxSelector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }], ports: tcp(BLACKBOX.port) }],
      egress: [
        DNS,
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
          ports: tcp(port),
        },
        ...(publicUrl === undefined ? [] : [{ ports: tcp(publicPort) }]),
      ],
    },
  };
}
