import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import { stringify } from "yaml";
import { releaseHooks } from "../kubernetes/release-hooks";
import type { MonitoringArgs, RancherApp, StackChart } from "./args";
import { RANCHER_APP_NAME, RELEASE_NAME } from "./names";
import { monitoringValues } from "./values";

const TIMEOUT_SECONDS = 600;
const RELEASES_KEPT = 5;
/** Rancher downloads the chart, and the cluster its images. */
const APP_TIMEOUTS = { create: "20m", update: "20m", delete: "20m" };

/** Prometheus, Alertmanager, Grafana and the exporters, by whichever chart the cluster is given. */
export class MonitoringChart extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:monitoring:MonitoringChart", name, {}, opts);
    const values = monitoringValues({ ...args, pullSecret: args.imagePullCredentials !== undefined });
    if (args.source.kind === "rancher") this.app(args.source, args.namespace, values);
    else this.release(args.source, args, values);
    this.registerOutputs({});
  }

  private release(source: StackChart, args: MonitoringArgs, values: Record<string, unknown>): void {
    const { chart, repository, version } = source;
    const { namespace, customer, api } = args;
    const hooked = { namespace, name: RELEASE_NAME, timeoutSeconds: TIMEOUT_SECONDS, lost: lostRelease(namespace) };
    new kubernetes.helm.v3.Release(
      "release",
      {
        name: RELEASE_NAME,
        namespace,
        chart,
        version,
        ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
        values,
        skipCrds: true,
        atomic: true,
        cleanupOnFail: true,
        timeout: TIMEOUT_SECONDS,
        maxHistory: RELEASES_KEPT,
      },
      { parent: this, hooks: releaseHooks(`monitoring-${customer}`, this, hooked, api) },
    );
  }

  /** Its chart of definitions comes along by itself. */
  private app(source: RancherApp, namespace: string, values: Record<string, unknown>): void {
    const { clusterId, projectId, version } = source;
    new rancher2.AppV2(
      "app",
      {
        clusterId,
        projectId,
        name: RANCHER_APP_NAME,
        namespace,
        repoName: "rancher-charts",
        chartName: "rancher-monitoring",
        ...(version === undefined ? {} : { chartVersion: version }),
        values: stringify(values),
        cleanupOnFail: true,
      },
      { parent: this, customTimeouts: APP_TIMEOUTS },
    );
  }
}

function lostRelease(namespace: string): string {
  return `${RELEASE_NAME}: it is in the stack's state, but not in the namespace ${namespace} any more, so Helm cannot update it: it was deleted, or its namespace was, without Pulumi. To create it anew, without the metrics of before: pulumi up --refresh.`;
}
