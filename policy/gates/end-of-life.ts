import { changedParts } from "../../components/platform/versions";
import { isOver, supportedProducts, supportLineOf } from "../../components/releases/ends-of-life";
import { defineGate } from "./definition";
import { supportedParts } from "./support";

/** Nobody moves to what gets no fixes any more. */
export const endOfLife = defineGate({
  name: "end-of-life",
  description: "Nothing is deployed or upgraded to a release that is past its end of life.",
  severity: "high",
  link: "https://endoflife.date/",
  remedy: "Choose a release that still gets fixes.",
  evaluate({ from, to, at }) {
    const today = at.toISOString().slice(0, 10);
    const changed = changedParts(from, to);
    return supportedParts.flatMap((part) => {
      const version = to[part];
      if (version === undefined || !changed.includes(part)) return [];
      const line = supportLineOf(part, version);
      if (!line || !isOver(line, today)) return [];
      const { checked, lines, source } = supportedProducts[part];
      const alive = lines.filter((other) => !isOver(other, today)).map((other) => other.line);
      const problem = `is ${version}, which got its last fix on ${line.endOfLife} (${source}, read ${checked})`;
      return [{ property: `to.${part}`, problem, fix: `choose one of ${alive.join(", ")}` }];
    });
  },
});
