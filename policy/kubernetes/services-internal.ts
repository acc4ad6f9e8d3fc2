import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";

/** Nothing is public that nobody asked for. */
export const servicesInternal = manifestPolicy<{ public: string[] }>({
  name: "services-internal",
  description: "No Service is a LoadBalancer or a NodePort, nor has external addresses, unless it is listed.",
  level: "mandatory",
  severity: "high",
  framework: ours("Public is only what the settings make public"),
  link: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
  remedy: "Use type ClusterIP, and an Ingress with TLS for what must be public.",
  thresholds: {
    public: {
      type: "array",
      items: { type: "string" },
      description: "Services that may be public, as NAMESPACE/NAME.",
      default: [],
    },
  },
  kinds: ["Service"],
  *check({ object, name, namespace }, { thresholds }) {
    if (thresholds.public.includes(`${namespace}/${name}`)) return;
    const type = object.spec?.type ?? "ClusterIP";
    if (type === "LoadBalancer" || type === "NodePort") {
      yield { property: "spec.type", problem: `is ${type}`, fix: "use ClusterIP, and an Ingress for what is public" };
    }
    if (object.spec?.externalIPs?.length) {
      yield { property: "spec.externalIPs", problem: "takes traffic from outside", fix: "leave it out" };
    }
  },
});
