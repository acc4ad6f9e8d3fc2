import { type Finding, manifestPolicy, type Properties } from "../definition";
import { links, podSecurity } from "../frameworks";
import { containersOf, podSpecOf, workloadKinds } from "../manifests";

/** A setting of the container's, or where it says nothing the pod's. */
function inherited(container: Properties, pod: Properties, key: string) {
  return container.securityContext?.[key] ?? pod.securityContext?.[key];
}

function* checkContainer(container: Properties, path: string, pod: Properties): Generator<Finding> {
  const own = `${path}.securityContext`;
  if (container.securityContext?.allowPrivilegeEscalation !== false) {
    yield { property: `${own}.allowPrivilegeEscalation`, problem: "is not false", fix: "set it to false" };
  }
  const dropped: string[] = container.securityContext?.capabilities?.drop ?? [];
  if (!dropped.includes("ALL")) {
    yield { property: `${own}.capabilities.drop`, problem: "does not hold ALL", fix: "set it to [ALL]" };
  }
  const added: string[] = container.securityContext?.capabilities?.add ?? [];
  if (added.some((capability) => capability !== "NET_BIND_SERVICE")) {
    yield { property: `${own}.capabilities.add`, problem: `adds ${added.join(", ")}`, fix: "leave it out" };
  }
  if (inherited(container, pod, "runAsNonRoot") !== true) {
    yield { property: `${own}.runAsNonRoot`, problem: "is not true", fix: "set it to true, here or on the pod" };
  }
  if (inherited(container, pod, "runAsUser") === 0) {
    yield { property: `${own}.runAsUser`, problem: "is 0, which is root", fix: "choose another user" };
  }
  const profile: unknown = inherited(container, pod, "seccompProfile")?.type;
  if (profile !== "RuntimeDefault" && profile !== "Localhost") {
    yield { property: `${own}.seccompProfile.type`, problem: "is missing", fix: "set it to RuntimeDefault" };
  }
}

/** Pods get no more than they need. */
export const podsRestricted = manifestPolicy({
  name: "pods-restricted",
  description: "Pods run without root, without capabilities and with the runtime's system-call filter.",
  level: "mandatory",
  severity: "high",
  framework: podSecurity("restricted", "Privilege escalation, non-root, seccomp, capabilities"),
  link: links.podSecurity,
  remedy: "Set the pod's and the containers' securityContext as the restricted level asks.",
  kinds: workloadKinds,
  *check(manifest) {
    const pod = podSpecOf(manifest);
    if (!pod) return;
    for (const { container, path } of containersOf(manifest)) yield* checkContainer(container, path, pod.spec);
  },
});
