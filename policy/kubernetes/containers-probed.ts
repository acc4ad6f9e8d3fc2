import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";
import { containersOf } from "../manifests";

/** Kubernetes knows whether a pod works. */
export const containersProbed = manifestPolicy({
  name: "containers-probed",
  description: "Containers that serve a port say when they are ready, and whether they live.",
  level: "mandatory",
  severity: "medium",
  framework: ours("A broken pod gets no traffic and is restarted"),
  link: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  remedy: "Add a readinessProbe and a livenessProbe.",
  kinds: ["Deployment", "StatefulSet"],
  *check(manifest) {
    for (const { container, path, init } of containersOf(manifest)) {
      if (init || !container.ports?.length) continue;
      for (const probe of ["readinessProbe", "livenessProbe"]) {
        if (container[probe]) continue;
        yield { property: `${path}.${probe}`, problem: "is missing", fix: "add it" };
      }
    }
  },
});
