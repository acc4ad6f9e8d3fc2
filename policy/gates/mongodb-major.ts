import { defineGate } from "./definition";
import { numbersOf } from "./support";

/** A MongoDB's files are understood by its own major and the next. */
export const mongodbMajor = defineGate({
  name: "mongodb-major",
  description: "MongoDB goes up one major at a time, never back, and to one that Parse Server runs on.",
  severity: "critical",
  link: "https://www.mongodb.com/docs/manual/release-notes/8.0-upgrade-replica-set/",
  remedy: "Upgrade to each major in between, and set the feature compatibility version each time.",
  evaluate({ from, to }, support) {
    if (!to.mongodb) return [];
    const property = "to.mongodb";
    const after = numbersOf(to.mongodb);
    if (!support.mongodbForParse.includes(after.major)) {
      const majors = support.mongodbForParse.join(", ");
      const problem = `is ${to.mongodb}; Parse Server runs on majors ${majors}`;
      return [{ property, problem, fix: `set onprem:parse.database.version to one of major ${majors}` }];
    }
    if (!from?.mongodb) return [];
    const before = numbersOf(from.mongodb);
    const lowered = after.major < before.major || (after.major === before.major && after.minor < before.minor);
    if (!lowered && after.major <= before.major + 1) return [];
    const problem = `is ${to.mongodb}, the database has ${from.mongodb}`;
    const fix = lowered
      ? `keep ${from.mongodb}: an older MongoDB does not open newer files; restore a backup made with the older one`
      : `set onprem:parse.database.version to a release of major ${before.major + 1} and run that first`;
    return [{ property, problem, fix }];
  },
});
