import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { adoptExisting, objectMetadata, podSecurityLabels, skipAwait } from "../kubernetes/object-metadata";
import { createProof } from "../kubernetes/proof";
import type { MonitoringArgs } from "./args";
import { BlackboxExporter } from "./blackbox-exporter";
import { MonitoringChart } from "./chart";
import { boards } from "./dashboards";
import { MonitoringDefinitions } from "./definitions";
import { monitors } from "./monitors";
import {
  commonLabels,
  DASHBOARD_LABEL,
  kubeletService,
  RANCHER_APP_NAME,
  RANCHER_DASHBOARDS,
  RELEASE_NAME,
} from "./names";
import { networkPolicies } from "./network-policies";
import { alertmanagerConfiguration } from "./notifications";
import { waitUntilLoaded } from "./receiver-hooks";
import { alertRules } from "./rules";
import { prometheusRuleSpec } from "./rules/rule";
import { MonitoringSecrets } from "./secrets";

const GROUP = "monitoring.coreos.com/v1";
/** The operator starts Alertmanager, and a change of a Secret gets to a pod within a minute or two. */
const LOADED_SECONDS = 180;

/** Warning at every run of a stack without a receiver. */
export const NO_RECEIVERS =
  "onprem:monitoring.receivers is empty: no one is notified of alerts. Add a receiver (slack, email, pagerduty or webhook; see docs/monitoring.md).";

/**
 * Prometheus, Alertmanager and Grafana with the platform's own rules, receivers and probes: by Rancher's app where there
 * is a Rancher, else by kube-prometheus-stack, which Rancher's app is made from. Takes the providers `kubernetes` and, for
 * the app, `rancher2` by its options.
 *
 * @example
 * new Monitoring("monitoring", { ...settings.monitoring, customer: "acme", source, watched, blackboxImage }, { provider })
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Namespace of all of it. */
  readonly namespace: pulumi.Output<string>;
  /** Names of the Services of Prometheus and Alertmanager; each answers on its well-known port. */
  readonly services: { readonly prometheus: string; readonly alertmanager: string };
  /** Password of Grafana's administrator (secret); `undefined` without Grafana. */
  readonly grafanaPassword: pulumi.Output<string> | undefined;
  /** Names of the receivers. */
  readonly receivers: string[];
  /** The operator's definitions; empty where Rancher's app brings them. */
  readonly definitions: readonly pulumi.Resource[];

  /** Labels of every object. */
  readonly labels: Record<string, string>;

  constructor(
    name: string,
    private readonly args: MonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:monitoring:Monitoring", name, {}, opts);
    const { customer, receivers, source } = args;
    if (receivers.length === 0) void pulumi.log.warn(NO_RECEIVERS, this);
    this.labels = commonLabels(customer);
    this.receivers = receivers.map((receiver) => receiver.name);
    const fullName = source.kind === "rancher" ? RANCHER_APP_NAME : RELEASE_NAME;
    this.services = { prometheus: `${fullName}-prometheus`, alertmanager: `${fullName}-alertmanager` };
    this.namespace = this.createNamespace();
    const { labels, namespace } = this;
    const secrets = new MonitoringSecrets("secrets", { ...args, labels, namespace }, { parent: this });
    this.grafanaPassword = secrets.grafanaPassword;
    this.definitions =
      source.kind === "stack"
        ? [new MonitoringDefinitions("definitions", { ...args, ...source }, { parent: this })]
        : [];
    const foundation = [...this.definitions, secrets, this.createKubeletService(), ...this.createNetworkPolicies()];
    const chart = new MonitoringChart(
      "chart",
      { ...args, namespace: args.namespace },
      { parent: this, dependsOn: foundation },
    );
    this.proveReceivers(chart);
    // After the chart, whose app brings the definitions; so they are also deleted while the operator still runs.
    this.createRules(chart);
    this.createMonitors(chart);
    if (args.grafana.enabled) this.createDashboards(chart);
    const { blackboxImage: image, imagePullCredentials } = args;
    const pullSecret = imagePullCredentials !== undefined;
    new BlackboxExporter(
      "blackbox-exporter",
      { image, labels, namespace, pullSecret },
      { parent: this, dependsOn: secrets },
    );
    this.registerOutputs({ namespace, services: this.services, receivers: this.receivers });
  }

  private createNamespace(): pulumi.Output<string> {
    // The node exporter reads the node's files and network, which only this level allows.
    const labels = { ...this.labels, ...podSecurityLabels("privileged") };
    const metadata = { name: this.args.namespace, labels, annotations: adoptExisting };
    return new kubernetes.core.v1.Namespace("namespace", { metadata }, { parent: this }).metadata.name;
  }

  /** As the operator would make it. The operator never deletes it; as a resource of the stack, a destroy does. */
  private createKubeletService(): pulumi.Resource {
    return new kubernetes.core.v1.Service(
      "kubelet-service",
      {
        metadata: {
          name: kubeletService(this.args.namespace),
          namespace: "kube-system",
          labels: {
            "k8s-app": "kubelet",
            "app.kubernetes.io/name": "kubelet",
            "app.kubernetes.io/managed-by": "prometheus-operator",
          },
          annotations: { ...adoptExisting, ...skipAwait },
        },
        spec: {
          type: "ClusterIP",
          clusterIP: "None",
          ports: [
            { name: "https-metrics", port: 10250 },
            { name: "http-metrics", port: 10255 },
            { name: "cadvisor", port: 4194 },
          ],
        },
      },
      { parent: this },
    );
  }

  private createNetworkPolicies(): pulumi.Resource[] {
    const { grafana, source, watched } = this.args;
    const policies = networkPolicies(watched, source.kind === "rancher", grafana.host !== undefined);
    return Object.entries(policies).map(
      ([name, spec]) =>
        new kubernetes.networking.v1.NetworkPolicy(
          `network-policy-${name}`,
          { metadata: this.metadata(name), spec },
          { parent: this },
        ),
    );
  }

  /** Alertmanager goes on with its old configuration when it refuses the new one. */
  private proveReceivers(chart: pulumi.Resource): void {
    const { api, customer, namespace } = this.args;
    const configuration = JSON.stringify(alertmanagerConfiguration(this.args));
    const waiting = { namespace, alertmanager: this.services.alertmanager, timeoutSeconds: LOADED_SECONDS };
    createProof({
      name: "proven-receivers",
      hooks: `monitoring-${customer}-proven-receivers`,
      namespace: this.namespace,
      labels: this.labels,
      annotations: {
        "onprem.platform/settings": createHash("sha256").update(configuration).digest("hex").slice(0, 16),
      },
      parent: this,
      dependsOn: [chart],
      api,
      prove: async (reader) => {
        const sleep = (seconds: number) => pause(seconds * 1000);
        const unknown = await waitUntilLoaded(reader, { ...waiting, pauseSeconds: 1, now: Date.now, sleep });
        if (unknown !== undefined) await pulumi.log.warn(unknown, this);
      },
    });
  }

  private createRules(chart: pulumi.Resource): void {
    const { namespace, runbooksUrl, watched } = this.args;
    for (const group of alertRules(watched, namespace)) {
      const spec = prometheusRuleSpec(group, runbooksUrl);
      this.createObject(`rules-${group.name}`, "PrometheusRule", `onprem-${group.name}`, spec, chart);
    }
  }

  private createMonitors(chart: pulumi.Resource): void {
    for (const { kind, name, spec } of monitors(this.args.watched, this.args.namespace)) {
      this.createObject(`${kind.toLowerCase()}-${name}`, kind, name, spec, chart);
    }
  }

  private createDashboards(chart: pulumi.Resource): void {
    // Loaded here: a program without Grafana starts sooner.
    const { buildBoard } = require("./dashboards/grafana") as typeof import("./dashboards/grafana");
    const namespace = this.args.source.kind === "rancher" ? RANCHER_DASHBOARDS : this.namespace;
    for (const board of boards(this.args.watched)) {
      const labels = { ...this.labels, [DASHBOARD_LABEL.key]: DASHBOARD_LABEL.value };
      new kubernetes.core.v1.ConfigMap(
        `dashboard-${board.id}`,
        {
          metadata: { ...this.metadata(board.id), namespace, labels },
          data: { [`${board.id}.json`]: JSON.stringify(buildBoard(board)) },
        },
        { parent: this, dependsOn: [chart] },
      );
    }
  }

  private createObject(resource: string, kind: string, name: string, spec: object, chart: pulumi.Resource): void {
    new kubernetes.apiextensions.CustomResource(
      resource,
      { apiVersion: GROUP, kind, metadata: this.metadata(name), spec },
      { parent: this, dependsOn: [chart] },
    );
  }

  private metadata(name: string) {
    return objectMetadata(name, this);
  }
}
