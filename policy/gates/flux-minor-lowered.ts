import { defineGate } from "./definition";
import { numbersOf } from "./support";

/** Kinds of a newer Flux are not understood by an older one, and its definitions would take their fields away. */
export const fluxMinorLowered = defineGate({
  name: "flux-minor-lowered",
  description: "Flux stays in its major, and its minor is not lowered.",
  severity: "medium",
  link: "https://fluxcd.io/flux/installation/upgrade/",
  remedy: "Keep the version, or go on to a newer one.",
  evaluate({ from, to }) {
    if (!from?.flux || !to.flux) return [];
    const [before, after] = [numbersOf(from.flux), numbersOf(to.flux)];
    if (after.major === before.major && after.minor >= before.minor) return [];
    const problem = `is ${to.flux}, the cluster has ${from.flux}`;
    const fix =
      after.major > before.major
        ? `keep ${from.flux} until this program knows the new major`
        : `keep ${from.flux}, or take a newer version`;
    return [{ property: "to.flux", problem, fix }];
  },
});
