import { defineGate } from "./definition";
import { minorOf } from "./support";

/** Rancher manages the Kubernetes minors that its support matrix names. */
export const rancherKubernetesPair = defineGate({
  name: "rancher-kubernetes-pair",
  description: "Rancher and Kubernetes are a pair that Rancher's support matrix names.",
  severity: "high",
  link: "https://www.suse.com/suse-rancher/support-matrix/all-supported-versions/",
  remedy: "Upgrade Rancher before Kubernetes; choose a pair from components/releases/releases.ts.",
  evaluate({ to }, support) {
    if (!to.rancher || !to.kubernetes) return [];
    const rancher = minorOf(to.rancher);
    const line = support.rancher.find((candidate) => candidate.line === rancher);
    if (!line) {
      const known = support.rancher.map((candidate) => candidate.line).join(", ");
      const problem = `is ${to.rancher}, of a line that the platform does not know (known: ${known})`;
      return [{ property: "to.rancher", problem, fix: "set onprem:rancher.version to one of a known line" }];
    }
    const minor = minorOf(to.kubernetes);
    if (line.kubernetes.includes(minor)) return [];
    const fitting = support.rancher
      .filter(({ kubernetes }) => kubernetes.includes(minor))
      .map(({ version }) => version);
    const problem = `is ${minor}, and Rancher ${to.rancher} manages ${line.kubernetes.join(", ")}`;
    const fix =
      fitting.length > 0
        ? `set onprem:rancher.version to ${fitting.join(" or ")} first, or choose a minor that it manages`
        : `set onprem:cluster.kubernetesVersion to one of ${line.kubernetes.join(", ")}`;
    return [{ property: "to.kubernetes", problem, fix }];
  },
});
