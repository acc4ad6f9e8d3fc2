import { defineGate } from "./definition";
import { numbersOf } from "./support";

/** A control plane goes up by one minor at a time, and never back. */
export const kubernetesMinorSkipped = defineGate({
  name: "kubernetes-minor-skipped",
  description: "Kubernetes goes up one minor at a time, and never back.",
  severity: "critical",
  link: "https://kubernetes.io/releases/version-skew-policy/",
  remedy: "Upgrade to each minor in between, and let the platform become healthy each time.",
  evaluate({ from, to }) {
    if (!from?.kubernetes || !to.kubernetes) return [];
    const [before, after] = [numbersOf(from.kubernetes), numbersOf(to.kubernetes)];
    const step = after.minor - before.minor;
    if (after.major === before.major && step >= 0 && step <= 1) return [];
    const problem = `is ${to.kubernetes}, the cluster has ${from.kubernetes}`;
    const next = `${before.major}.${before.minor + 1}`;
    const fix =
      step < 0 || after.major < before.major
        ? `keep ${from.kubernetes}: a cluster cannot go back; a new one can be made and the backup restored there`
        : `set onprem:cluster.kubernetesVersion to "${next}" and run that first`;
    return [{ property: "to.kubernetes", problem, fix }];
  },
});
