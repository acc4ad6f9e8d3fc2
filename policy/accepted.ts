import type { Violation } from "./definition";

/** A deviation that the project accepts for good, since a part cannot do its work without it. */
export interface Accepted {
  /** Policies that it deviates from. */
  policies: readonly string[];
  /** What deviates, in words, for the reference page. */
  what: string;
  /** Why it has to. */
  reason: string;
  /** Whether a violation is this deviation. */
  matches(violation: Violation): boolean;
}

/** Name of the Kubernetes object that a violation is on. */
function objectName({ object, resource }: Violation): string {
  if (object) return object.split(" ").at(-1) ?? "";
  const name: unknown = resource?.props.metadata?.name;
  return typeof name === "string" ? name : (resource?.name ?? "");
}

function labels({ resource }: Violation): Record<string, unknown> {
  return resource?.props.metadata?.labels ?? {};
}

function isFlux(violation: Violation): boolean {
  return labels(violation)["app.kubernetes.io/part-of"] === "flux";
}

/** Deviations that hold in every stack. What a customer alone needs belongs into the settings, with an expiry. */
export const accepted: readonly Accepted[] = [
  {
    policies: ["pods-baseline", "pods-restricted", "namespaces-pod-security"],
    what: "Velero's node-agent DaemonSet and the namespace that it runs in",
    reason:
      "It reads the volumes of other pods below /var/lib/kubelet/pods on the node, for which it needs that host path and root.",
    matches: (violation) => {
      const { resource } = violation;
      if (resource?.type === "kubernetes:core/v1:Namespace") return resource.parent.includes("onprem:backup:");
      return objectName(violation) === "node-agent";
    },
  },
  {
    policies: ["namespaces-pod-security"],
    what: "The namespace of the monitoring",
    reason:
      "The node exporter, a part of its chart, reads the node's own files and network, which only the level privileged lets it.",
    matches: ({ resource }) =>
      resource?.type === "kubernetes:core/v1:Namespace" && resource.parent.includes("onprem:monitoring:"),
  },
  {
    policies: ["rbac-without-wildcards"],
    what: "The role of Velero's server: objects of every kind may be read and written",
    reason:
      "A backup reads objects of every kind, and a restore creates them. To act as somebody else, and to grant what it has not itself, it is not allowed.",
    matches: ({ resource }) =>
      resource?.type.endsWith(":ClusterRole") === true &&
      resource.parent.includes("onprem:backup:VeleroPermissions") &&
      resource.name === "server-cluster-role",
  },
  {
    policies: ["data-protected"],
    what: "The bucket of backups on Google Cloud, which can be taken out of the stack",
    reason:
      "A destroy leaves it where it is, with every backup (retainOnDelete): protected, it would stop the destroy.",
    matches: ({ resource }) => resource?.parent.includes("onprem:backup:CloudBucket") === true,
  },
  {
    policies: ["rbac-without-wildcards", "workloads-redundant", "disruption-budgets", "namespaces-pod-security"],
    what: "Flux's controllers and their roles, as released",
    reason:
      "kustomize-controller applies whatever the repository holds; its controllers elect one leader, and a second pod would only wait.",
    matches: isFlux,
  },
];
