/** Names and labels that several parts of the monitoring share. Pure. */
import { platformLabels } from "../kubernetes/object-metadata";

/** Name of the Helm release, and the beginning of the names of what the chart makes. */
export const RELEASE_NAME = "monitoring";
/** Rancher's name for its app and what it makes; its own dashboard looks for them by it. */
export const RANCHER_APP_NAME = "rancher-monitoring";
/** The only namespace in which Rancher looks for monitoring. */
export const RANCHER_NAMESPACE = "cattle-monitoring-system";
/** The only namespace in which Rancher's Grafana looks for dashboards; its app makes it. */
export const RANCHER_DASHBOARDS = "cattle-dashboards";
/** Label by which Grafana finds dashboards in ConfigMaps. */
export const DASHBOARD_LABEL = { key: "grafana_dashboard", value: "1" } as const;
/** Secret and key with Alertmanager's configuration, which names files and holds no credential. */
export const CONFIGURATION_SECRET = { name: "alertmanager-configuration", key: "alertmanager.yaml" } as const;
/** Secret with what receivers need to log in, one file each. */
export const CREDENTIALS_SECRET = "alertmanager-credentials";
/** Where the operator mounts a Secret that Alertmanager's specification lists. */
export const credentialFile = (key: string): string => `/etc/alertmanager/secrets/${CREDENTIALS_SECRET}/${key}`;
/** Secret with Grafana's administrator. */
export const GRAFANA_SECRET = { name: "grafana-administrator", userKey: "user", passwordKey: "password" } as const;
/** Name of the pull secret. */
export const PULL_SECRET = "image-pull";
/** Name of the blackbox exporter's objects, and its port. */
export const BLACKBOX = { name: "blackbox-exporter", port: 9115 } as const;
/** Service and Endpoints in kube-system in which the operator keeps the kubelets' addresses. */
export const kubeletService = (namespace: string): string => `${namespace}-kubelet`;

/** Labels of every object that the stack makes for the monitoring. */
export function commonLabels(customer: string): Record<string, string> {
  return platformLabels(customer, { component: "monitoring" });
}
