import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";
import { containersOf, workloadKinds } from "../manifests";
import { parseImage } from "./images";

/** Software comes from where it is meant to come from. */
export const imagesRegistryAllowed = manifestPolicy<{ registries: string[] }>({
  name: "images-registry-allowed",
  description: "Images come from allowed registries; where the site has a mirror, from the mirror alone.",
  level: "mandatory",
  severity: "high",
  framework: ours("Software comes from known places"),
  link: "https://kubernetes.io/docs/concepts/containers/images/",
  remedy: "Use the image from an allowed registry, or add its host to onprem:policy.allowedRegistries.",
  thresholds: {
    registries: {
      type: "array",
      items: { type: "string" },
      description:
        "Registry hosts that are allowed where there is no mirror; onprem:policy.allowedRegistries adds to them.",
      default: ["docker.io", "quay.io", "ghcr.io", "registry.k8s.io"],
    },
  },
  kinds: workloadKinds,
  *check(manifest, { settings, thresholds }) {
    const mirror = settings.imageMirror;
    const upstream = mirror === undefined ? thresholds.registries : [];
    const allowed = [...upstream, ...settings.allowedRegistries];
    for (const { container, path } of containersOf(manifest)) {
      const image = String(container.image ?? "");
      const { registry } = parseImage(image);
      if (allowed.includes(registry) || (mirror !== undefined && image.startsWith(`${mirror}/`))) continue;
      const places = [...(mirror === undefined ? [] : [mirror]), ...allowed].join(", ");
      const problem = `comes from ${registry}; allowed: ${places}`;
      yield { property: `${path}.image`, problem, fix: "take it from there, or add its host to allowedRegistries" };
    }
  },
});
