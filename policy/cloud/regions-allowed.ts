import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";

const PROPERTIES = ["region", "location", "zone"];

/** Whether a place lies in a region: the region itself, or a zone of it. */
function inside(place: string, region: string): boolean {
  const [lower, wanted] = [place.toLowerCase(), region.toLowerCase()];
  return lower === wanted || lower.startsWith(`${wanted}-`);
}

/** Data stays where the customer wants it. */
export const regionsAllowed = resourcePolicy({
  name: "regions-allowed",
  description: "Cloud resources are made only in the regions that the settings allow; anywhere when they name none.",
  level: "mandatory",
  severity: "high",
  framework: ours("Data stays in the customer's regions"),
  link: "https://cloud.google.com/about/locations",
  remedy: "Choose an allowed region, or add it to onprem:policy.allowedRegions.",
  types: (type) => type.startsWith("gcp:"),
  *check({ props }, { settings }) {
    const allowed = settings.allowedRegions;
    if (allowed.length === 0) return;
    for (const property of PROPERTIES) {
      const place: unknown = props[property];
      if (typeof place !== "string" || place === "global") continue;
      if (allowed.some((region) => inside(place, region))) continue;
      yield { property, problem: `is ${place}; allowed: ${allowed.join(", ")}`, fix: "choose an allowed region" };
    }
  },
});
