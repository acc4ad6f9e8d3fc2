import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";
import { containersOf, workloadKinds } from "../manifests";

/** One pod's hunger is not its neighbours' death. */
export const containersBounded = manifestPolicy({
  name: "containers-bounded",
  description: "Containers reserve CPU and memory, and their memory is limited.",
  level: "mandatory",
  severity: "medium",
  framework: ours("No pod starves another"),
  link: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  remedy: "Set the part's resources in the settings.",
  kinds: workloadKinds,
  *check(manifest) {
    for (const { container, path } of containersOf(manifest)) {
      const { requests, limits } = container.resources ?? {};
      const missing = [
        ...(requests?.cpu ? [] : ["requests.cpu"]),
        ...(requests?.memory ? [] : ["requests.memory"]),
        ...(limits?.memory ? [] : ["limits.memory"]),
      ];
      if (missing.length === 0) continue;
      yield { property: `${path}.resources`, problem: `lacks ${missing.join(", ")}`, fix: "set what is missing" };
    }
  },
});
