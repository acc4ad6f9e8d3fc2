/** Where a rule comes from; the SDK's own shape. */
export interface Framework {
  name: string;
  version: string;
  /** Number of the rule there, or its level. */
  reference: string;
  /** What the rule is called there. */
  specification: string;
}

/** A recommendation of the CIS benchmark for Google Kubernetes Engine. */
export function cisGke(reference: string, specification: string): Framework {
  return { name: "CIS GKE", version: "1.7", reference, specification };
}

/** A recommendation of the CIS benchmark for Google Cloud. */
export function cisGoogleCloud(reference: string, specification: string): Framework {
  return { name: "CIS Google Cloud", version: "3.0", reference, specification };
}

/** A recommendation of the CIS benchmark for Kubernetes. */
export function cisKubernetes(reference: string, specification: string): Framework {
  return { name: "CIS Kubernetes", version: "1.10", reference, specification };
}

/** A level of the Pod Security Standards. */
export function podSecurity(reference: "baseline" | "restricted", specification: string): Framework {
  return { name: "Pod Security Standards", version: "1.35", reference, specification };
}

/** A rule of this project's own. */
export function ours(specification: string): Framework {
  return { name: "ours", version: "1", reference: "", specification };
}

/** Pages that explain the rules of a framework. */
export const links = {
  gke: "https://cloud.google.com/kubernetes-engine/docs/concepts/cis-benchmarks",
  gkeHardening: "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
  googleCloud: "https://www.cisecurity.org/benchmark/google_cloud_computing_platform",
  kubernetes: "https://www.cisecurity.org/benchmark/kubernetes",
  podSecurity: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
} as const;
