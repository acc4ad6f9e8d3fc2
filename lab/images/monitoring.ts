import { imageMirror } from "../layout";
import { programLayers, programPins } from "./layers";
import type { ImageRecipe } from "./recipe";

/** One program at the path at which upstream's image has it; `onRuntime` where it needs public authorities' certificates. */
function programImage(reference: string, program: string, path: string, onRuntime = false): ImageRecipe {
  return {
    reference: `${imageMirror}/${reference}`,
    settings: { Entrypoint: [`/${path}`], User: "65534" },
    pins: programPins("monitoring"),
    layers: programLayers("monitoring", { [program]: path }, onRuntime),
  };
}

/** Prometheus, Alertmanager, their operator and the exporters, at the versions that kube-prometheus-stack 80.9.1 names. */
export const monitoringImages: Readonly<Record<string, ImageRecipe>> = {
  prometheus: programImage("prometheus/prometheus:v3.8.1", "prometheus", "bin/prometheus"),
  alertmanager: programImage("prometheus/alertmanager:v0.30.0", "alertmanager", "bin/alertmanager", true),
  "prometheus-operator": programImage("prometheus-operator/prometheus-operator:v0.87.1", "operator", "bin/operator"),
  "prometheus-config-reloader": programImage(
    "prometheus-operator/prometheus-config-reloader:v0.87.1",
    "prometheus-config-reloader",
    "bin/prometheus-config-reloader",
  ),
  "node-exporter": programImage("prometheus/node-exporter:v1.10.2", "node_exporter", "bin/node_exporter"),
  "blackbox-exporter": programImage(
    "prometheus/blackbox-exporter:v0.27.0",
    "blackbox_exporter",
    "bin/blackbox_exporter",
    true,
  ),
  // Upstream's chart names v2.17.0, which the module proxy does not serve.
  "kube-state-metrics": programImage(
    "kube-state-metrics/kube-state-metrics:v2.18.0",
    "kube-state-metrics",
    "kube-state-metrics",
  ),
};
