import { defineGate } from "./definition";
import { numbersOf } from "./support";

/** Parse Server's migrations lead from one major to the next. */
export const parseMajorSkipped = defineGate({
  name: "parse-major-skipped",
  description: "Parse Server goes up one major at a time, and never back.",
  severity: "high",
  link: "https://github.com/parse-community/parse-server/blob/alpha/DEPRECATIONS.md",
  remedy: "Upgrade to each major in between; read its migration guide.",
  evaluate({ from, to }) {
    if (!from?.parse || !to.parse) return [];
    const [before, after] = [numbersOf(from.parse).major, numbersOf(to.parse).major];
    if (after === before || after === before + 1) return [];
    const problem = `is ${to.parse}, the stack has ${from.parse}`;
    const fix =
      after < before
        ? `keep ${from.parse}, or restore a backup made before the upgrade`
        : `set onprem:parse.version to a release of major ${before + 1} and run that first`;
    return [{ property: "to.parse", problem, fix }];
  },
});
