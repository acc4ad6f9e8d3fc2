import { prometheusStack } from "../../components/releases/prometheus";
import { images } from "../../components/releases/releases";
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

const { alertmanager, prometheus, prometheusOperator } = prometheusStack.programs;

/** Prometheus, Alertmanager, their operator and the exporters, at the versions that the pinned kube-prometheus-stack names. */
export const monitoringImages: Readonly<Record<string, ImageRecipe>> = {
  prometheus: programImage(`prometheus/prometheus:v${prometheus}`, "prometheus", "bin/prometheus"),
  alertmanager: programImage(`prometheus/alertmanager:v${alertmanager}`, "alertmanager", "bin/alertmanager", true),
  "prometheus-operator": programImage(
    `prometheus-operator/prometheus-operator:v${prometheusOperator}`,
    "operator",
    "bin/operator",
  ),
  "prometheus-config-reloader": programImage(
    `prometheus-operator/prometheus-config-reloader:v${prometheusOperator}`,
    "prometheus-config-reloader",
    "bin/prometheus-config-reloader",
  ),
  "node-exporter": programImage("prometheus/node-exporter:v1.10.2", "node_exporter", "bin/node_exporter"),
  "blackbox-exporter": programImage(
    `prometheus/blackbox-exporter:${images.blackboxExporter.tag}`,
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
