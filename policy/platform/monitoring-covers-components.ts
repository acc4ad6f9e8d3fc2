import { type Manifest, type StackFacts, stackPolicy } from "../definition";
import { ours } from "../frameworks";
import { workloadKinds } from "../manifests";

const MONITORS = ["ServiceMonitor", "PodMonitor", "Probe"];

/** Namespaces that a monitor looks into. */
function watches(monitor: Manifest, namespace: string): boolean {
  const selector = monitor.object.spec?.namespaceSelector ?? {};
  if (selector.any === true) return true;
  const names: string[] = selector.matchNames ?? [monitor.namespace];
  return names.includes(namespace);
}

/** Namespaces of the components that serve, by the component's URN. */
function servedNamespaces({ manifests }: StackFacts, components: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { kind, namespace, resource } of manifests) {
    if (!workloadKinds.includes(kind) || namespace === "") continue;
    const path = `${resource.parent}::${resource.urn}`;
    if (components.some((component) => path.includes(component))) found.set(namespace, resource.urn);
  }
  return found;
}

/** Nothing of ours fails in the dark. */
export const monitoringCoversComponents = stackPolicy<{ components: string[] }>({
  name: "monitoring-covers-components",
  description: "In production, Prometheus reads the metrics of every component.",
  level: "mandatory",
  severity: "medium",
  framework: ours("Every component is watched"),
  link: "https://prometheus-operator.dev/docs/api-reference/api/",
  remedy: "Add onprem:monitoring, and a ServiceMonitor or PodMonitor for the component's namespace.",
  thresholds: {
    components: {
      type: "array",
      items: { type: "string" },
      description: "Components that must be watched.",
      default: ["onprem:parse:", "onprem:backup:", "onprem:gitops:"],
    },
  },
  *check(stack, { settings, thresholds }) {
    if (!settings.production) return;
    const monitors = stack.manifests.filter(({ kind }) => MONITORS.includes(kind));
    for (const [namespace, urn] of servedNamespaces(stack, thresholds.components)) {
      if (monitors.some((monitor) => watches(monitor, namespace))) continue;
      const problem = `${namespace} is watched by no ServiceMonitor, PodMonitor or Probe`;
      yield { property: "metadata.namespace", problem, fix: "add a monitor for it", urn };
    }
  },
});
