/** PodMonitors and Probes beside those of the chart. Pure. */
import type { Watched } from "./args";
import { BLACKBOX } from "./names";

/** Jobs of the probes: the label `job` in rules and dashboards. */
export const PROBES = { health: "parse-health", public: "parse-public" } as const;

/** A PodMonitor or a Probe. */
export interface Monitor {
  readonly kind: "PodMonitor" | "Probe";
  readonly name: string;
  readonly spec: Record<string, unknown>;
}

/** Reads the metrics of the platform's pods with these labels. */
function podMonitor(name: string, namespace: string, labels: Record<string, string>, port: string): Monitor {
  return {
    kind: "PodMonitor",
    name,
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels: labels },
      podMetricsEndpoints: [{ port }],
    },
  };
}

function probe(job: string, url: string, { namespace }: Watched["parse"], blackboxNamespace: string): Monitor {
  return {
    kind: "Probe",
    name: job,
    spec: {
      jobName: job,
      module: "http_ok",
      prober: { url: `${BLACKBOX.name}.${blackboxNamespace}.svc:${BLACKBOX.port}` },
      targets: { staticConfig: { static: [url], labels: { namespace } } },
    },
  };
}

/**
 * Every part of the platform that exposes metrics, and Parse's health as a client sees it.
 * @param monitoring namespace of the blackbox exporter
 */
export function monitors(watched: Watched, monitoring: string): Monitor[] {
  const { backup, gitops, parse } = watched;
  const { mountPath, name, namespace, port, publicUrl } = parse;
  const server = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "server" };
  return [
    podMonitor("parse", namespace, server, "http"),
    probe(PROBES.health, `http://${name}.${namespace}.svc:${port}${mountPath}/health`, parse, monitoring),
    ...(publicUrl === undefined ? [] : [probe(PROBES.public, `${publicUrl}/health`, parse, monitoring)]),
    ...(backup ? [podMonitor("velero", backup.namespace, { component: "velero" }, "metrics")] : []),
    ...(gitops ? [podMonitor("flux", gitops.namespace, { "app.kubernetes.io/part-of": "flux" }, "http-prom")] : []),
    podMonitor(BLACKBOX.name, monitoring, { "app.kubernetes.io/name": BLACKBOX.name }, "http"),
  ];
}
