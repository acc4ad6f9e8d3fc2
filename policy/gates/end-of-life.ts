import { defineGate } from "./definition";
import { changedParts, lineOf, supportedParts } from "./support";

/** Nobody moves to what gets no fixes any more. */
export const endOfLife = defineGate({
  name: "end-of-life",
  description: "Nothing is deployed or upgraded to a release that is past its end of life.",
  severity: "high",
  link: "https://endoflife.date/",
  remedy: "Choose a release that still gets fixes.",
  evaluate({ from, to, at }, support) {
    const today = at.toISOString().slice(0, 10);
    const changed = changedParts(from, to);
    return supportedParts.flatMap((part) => {
      const version = to[part];
      if (version === undefined || !changed.includes(part)) return [];
      const line = lineOf(part, version, support);
      if (!line?.endOfLife || line.endOfLife >= today) return [];
      const alive = support[part].filter(({ endOfLife: end }) => !end || end >= today).map((other) => other.line);
      const problem = `is ${version}, which got its last fix on ${line.endOfLife} (${line.source}, read ${line.checked})`;
      return [{ property: `to.${part}`, problem, mend: `choose one of ${alive.join(", ")}` }];
    });
  },
});
