import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";
import { containersOf, workloadKinds } from "../manifests";
import { parseImage } from "./images";

/** Tags that move by custom. */
const MOVING = ["latest", "stable", "main", "master", "edge", "nightly", "dev", "lts", "alpine", "slim"];

/** What ran yesterday runs today. */
export const imagesPinned = manifestPolicy({
  name: "images-pinned",
  description: "Images are named by an exact tag or a digest.",
  level: "mandatory",
  severity: "high",
  framework: ours("The same settings bring the same software"),
  link: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  remedy: "Pin the version in components/releases/releases.ts.",
  kinds: workloadKinds,
  *check(manifest) {
    for (const { container, path } of containersOf(manifest)) {
      const { tag, digest } = parseImage(String(container.image ?? ""));
      if (digest) continue;
      const property = `${path}.image`;
      const fix = "name an exact version, or a digest";
      if (tag === undefined) yield { property, problem: `"${container.image}" has no tag`, fix };
      else if (MOVING.includes(tag)) yield { property, problem: `"${container.image}" has a tag that moves`, fix };
    }
  },
});
