import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../errors/program-error";
import { givenName } from "./given-name";
import { podSecurityLabels } from "./object-metadata";

/** Levels of the Pod Security Standards, the strictest first: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const LEVELS = ["restricted", "baseline", "privileged"] as const;

/** A level of the Pod Security Standards. */
export type PodSecurityLevel = (typeof LEVELS)[number];

/** Whose a component's namespace is: see the setting `onprem:site.namespaces`. */
export type NamespaceOwnership = "own" | "existing";

/** Arguments of {@link componentNamespace}. */
export interface NamespaceArgs {
  /** Its name. */
  readonly name: string;
  /** Whether it is created and deleted with the component, or exists and is neither changed nor deleted. */
  readonly ownership: NamespaceOwnership;
  /** What its pods need. */
  readonly podSecurity: PodSecurityLevel;
  /** Further labels of one that is created. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of one that is created. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** A namespace that exists does not allow the pods that it is for. */
export class NamespaceError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "NAMESPACE_UNFIT";
  override readonly name = "NamespaceError";
}

/**
 * The namespace of a component.
 * @returns its name, known once it is there
 * @throws NamespaceError (asynchronously) where one that exists holds pods to a stricter level
 */
export function componentNamespace(args: NamespaceArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { name, ownership, podSecurity, annotations } = args;
  if (ownership === "existing") {
    const { parent, provider, dependsOn } = opts;
    const existing = kubernetes.core.v1.Namespace.get("namespace", name, { parent, provider, dependsOn });
    const fit = existing.metadata.apply(({ labels }) => requireLevel(name, podSecurity, labels));
    return pulumi.all([givenName(existing, name), fit]).apply(([given]) => given);
  }
  const labels = { ...args.labels, ...podSecurityLabels(podSecurity) };
  const created = new kubernetes.core.v1.Namespace(
    "namespace",
    { metadata: { name, labels, ...(annotations ? { annotations } : {}) } },
    opts,
  );
  return givenName(created, name);
}

function requireLevel(name: string, needed: PodSecurityLevel, labels: Readonly<Record<string, string>> = {}): void {
  const label = "pod-security.kubernetes.io/enforce";
  const enforced = labels[label];
  if (enforced === undefined || LEVELS.indexOf(enforced as PodSecurityLevel) >= LEVELS.indexOf(needed)) return;
  throw new NamespaceError(
    `The namespace ${name} holds its pods to the level ${enforced}, and what is installed in it needs ${needed}: kubectl label --overwrite namespace ${name} ${label}=${needed}, or name another namespace in the settings. Nothing was created in it.`,
  );
}
