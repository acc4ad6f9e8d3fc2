/** What works today and won't be taken later, or works otherwise than one may think. Pure. */

import { withoutCredentials } from "../grammars/credentials";
import { earlierReading } from "../grammars/cron";
import { longestPauseHours } from "../grammars/cron-times";
import { readGoDuration } from "../grammars/go-duration";
import { formatPath, type PropertyPath } from "./property-path";
import type { Settings } from "./validate";

/** Something that a stack may have, and that its owner should know of. */
export interface Warning {
  /** Where it is. */
  readonly path: PropertyPath;
  /** What it does; completes "PATH …". */
  readonly problem: string;
  /** What to do, as an imperative. */
  readonly wayOut: string;
  /** Day from which it is refused, `YYYY-MM-DD`; absent: it stays allowed. */
  readonly refusedFrom?: string;
}

/** What is a warning in this release and refused in the next. */
const NEXT_RELEASE = "2027-06-01";
const HOUR_NANOSECONDS = 3_600_000_000_000n;

/** Everything to warn of in settings that were taken. */
export function warningsOf(settings: Pick<Settings, "backup" | "parse" | "monitoring" | "gitops">): Warning[] {
  return [...scheduleWarnings(settings), ...namespaceWarnings(settings)];
}

function scheduleWarnings({ backup }: Pick<Settings, "backup">): Warning[] {
  return (backup?.schedules ?? []).flatMap(({ cron, retention }, index) => {
    const path = ["backup", "schedules", index];
    const pause = longestPauseHours(cron);
    const kept = readGoDuration(retention).value;
    const difference = earlierReading(cron);
    const warnings: Warning[] = [];
    if (difference === "either day" || difference === "other days") {
      warnings.push({
        path: [...path, "cron"],
        problem: `makes backups on other days than with Velero before 1.18.3, up to ${Math.ceil(pause ?? 0)} hours apart: where a day of the month and a day of the week are given, both must fit, and a step from a day of the week on comes to Sunday`,
        wayOut: "give one of the two days, and make two schedules where either is meant; list the days of the week",
      });
    }
    if (pause !== undefined && kept !== undefined && Number(kept / HOUR_NANOSECONDS) < pause) {
      warnings.push({
        path: [...path, "retention"],
        problem: `is over before the next backup is made, which takes up to ${Math.ceil(pause)} hours: until then there is none`,
        wayOut: `set it to more than ${Math.ceil(pause)}h`,
        refusedFrom: NEXT_RELEASE,
      });
    }
    return warnings;
  });
}

/** A namespace that Kubernetes makes itself, and lets nobody delete. */
const FIRST_NAMESPACE = "default";

function namespaceWarnings(settings: Pick<Settings, "backup" | "parse" | "monitoring" | "gitops">): Warning[] {
  return (["parse", "monitoring", "gitops", "backup"] as const).flatMap((section): Warning[] =>
    settings[section]?.namespace === FIRST_NAMESPACE
      ? [
          {
            path: [section, "namespace"],
            problem: "is the namespace that Kubernetes makes itself: `pulumi destroy` can't delete it",
            wayOut: "move to a namespace of its own",
            refusedFrom: NEXT_RELEASE,
          },
        ]
      : [],
  );
}

/** A warning as a person reads it. */
export function formatWarning({ path, problem, refusedFrom, wayOut }: Warning): string {
  const until = refusedFrom === undefined ? "" : ` From ${refusedFrom} on it is refused.`;
  return withoutCredentials(`${formatPath(path)} ${problem}. Way out: ${wayOut}.${until}`);
}
