import type { ReleaseFile } from "./releases";

/** Prometheus' operator: of its image and of its definitions. */
const OPERATOR = "0.87.1";

/**
 * kube-prometheus-stack, where there is no Rancher: the release that Rancher 2.14's own chart is made from, so that both
 * run the same programs. Its definitions are those of the operator's source at the release that the chart names.
 */
export const prometheusStack = {
  chart: "kube-prometheus-stack",
  version: "80.9.1",
  /** What its own values run: https://github.com/prometheus-community/helm-charts/tree/kube-prometheus-stack-80.9.1 */
  programs: { prometheusOperator: OPERATOR, prometheus: "3.8.1", alertmanager: "0.30.0", grafana: "12.3.1" },
  repository: "https://prometheus-community.github.io/helm-charts",
  /** Kind's plural name → the file of its definition. */
  definitions: {
    alertmanagerconfigs: operatorDefinition(
      "alertmanagerconfigs",
      "65893ed694c1b6fd5c452373bb837d11f96a66a697a8a0bab4a687312351c0f0",
    ),
    alertmanagers: operatorDefinition(
      "alertmanagers",
      "92d8150a33ad902a061e8a3af6df1918b06d071acb8b1433169dfdc7b505f4aa",
    ),
    podmonitors: operatorDefinition("podmonitors", "ef350a287ddccb6523597747b2f0047a4b5e80e8453c66372f7e78208624a100"),
    probes: operatorDefinition("probes", "2ac16b70b57d1593d86f0581667380eee68a406189a9d393cb8a1d997de8d9de"),
    prometheusagents: operatorDefinition(
      "prometheusagents",
      "801bfffe17193aead68a29ecbd5745465e856198d44d1340ad35a94853aa15da",
    ),
    prometheuses: operatorDefinition(
      "prometheuses",
      "7fe0de97beb8cd319e08fdbc7d640b75f8e577598846980726544ae5d2926d7c",
    ),
    prometheusrules: operatorDefinition(
      "prometheusrules",
      "18110cd218c65904aa61222617aef6dc5504114d9e5552459548d5531befa5da",
    ),
    scrapeconfigs: operatorDefinition(
      "scrapeconfigs",
      "07c0a097e6055f91d28e9b11ba7f34938662ca777d18b8b65f7d6a097da774f3",
    ),
    servicemonitors: operatorDefinition(
      "servicemonitors",
      "a06b661f981826bc8a27518712b1596b929d298e408b3049e2fc2d6e1efa09dd",
    ),
    thanosrulers: operatorDefinition(
      "thanosrulers",
      "cc0c04f04987bee4064f4eff8ed8a423573630882fd07d4c4464f771ac2595f2",
    ),
  },
  source: "https://github.com/prometheus-community/helm-charts/releases",
  checked: "2026-11",
} as const;

/** Address of a definition's file in the operator's source. */
function operatorDefinition(kind: string, sha256: string): ReleaseFile {
  const folder = `https://raw.githubusercontent.com/prometheus-operator/prometheus-operator/v${OPERATOR}/example`;
  return { url: `${folder}/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`, sha256 };
}
