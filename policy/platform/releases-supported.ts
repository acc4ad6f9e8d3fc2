import { isOver, supportLineOf } from "../../components/releases/ends-of-life";
import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { VERSION_RECORD_TYPE } from "../gates/definition";
import { supportedParts } from "../gates/support";

const MILLISECONDS_A_DAY = 86_400_000;

/** What runs still gets fixes, and it is known when it will not. */
export const releasesSupported = resourcePolicy<{ noticeDays: number }>({
  name: "releases-supported",
  description: "What runs is not past its end of life, nor close to it.",
  level: "advisory",
  severity: "medium",
  framework: ours("Software that runs gets fixes"),
  link: "https://endoflife.date/",
  remedy: "Plan the upgrade.",
  thresholds: {
    noticeDays: {
      type: "integer",
      minimum: 0,
      description: "Days before the end from which it is shown.",
      default: 60,
    },
  },
  types: [VERSION_RECORD_TYPE],
  *check({ props }, { now, thresholds }) {
    const shown = new Date(now.getTime() + (thresholds.noticeDays + 1) * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
    for (const part of supportedParts) {
      const version: string | undefined = props.to?.[part];
      const line = version === undefined ? undefined : supportLineOf(part, version);
      if (!line || !isOver(line, shown)) continue;
      const problem = `is ${version}, which gets its last fix on ${line.endOfLife}`;
      yield { property: `to.${part}`, problem, fix: "plan the upgrade" };
    }
  },
});
