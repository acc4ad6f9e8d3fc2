import { manifestPolicy } from "../definition";
import { podSecurity } from "../frameworks";

const LABEL = "pod-security.kubernetes.io/enforce";

/** The cluster itself refuses what these policies refuse. */
export const namespacesPodSecurity = manifestPolicy({
  name: "namespaces-pod-security",
  description: "Our namespaces enforce the restricted level, whoever creates the pod.",
  level: "mandatory",
  severity: "medium",
  framework: podSecurity("restricted", "Pod Security Admission"),
  link: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
  remedy: `Label the namespace ${LABEL}: restricted.`,
  kinds: ["Namespace"],
  *check({ object }) {
    const level: unknown = object.metadata?.labels?.[LABEL];
    if (level === "restricted") return;
    const property = `metadata.labels["${LABEL}"]`;
    yield { property, problem: level ? `is ${level}` : "is missing", fix: "set it to restricted" };
  },
});
