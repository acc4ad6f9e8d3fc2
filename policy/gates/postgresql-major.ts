import { defineGate } from "./definition";
import { numbersOf } from "./support";

/** A PostgreSQL's files are understood by its own major alone. */
export const postgresqlMajor = defineGate({
  name: "postgresql-major",
  description: "PostgreSQL stays on its major, which no other can read, and is one that Parse Server runs on.",
  severity: "critical",
  link: "https://www.postgresql.org/docs/current/upgrading.html",
  remedy: "Dump the data, and load it into a database of the new major.",
  evaluate({ from, to }, support) {
    if (!to.postgresql) return [];
    const property = "to.postgresql";
    const after = numbersOf(to.postgresql).major;
    if (!support.postgresqlForParse.includes(after)) {
      const majors = support.postgresqlForParse.join(", ");
      const problem = `is ${to.postgresql}; Parse Server runs on majors ${majors}`;
      return [{ property, problem, fix: `set onprem:parse.database.version to one of major ${majors}` }];
    }
    if (!from?.postgresql || numbersOf(from.postgresql).major === after) return [];
    const problem = `is ${to.postgresql}, the database has ${from.postgresql}, whose files it does not open`;
    const fix = `keep major ${numbersOf(from.postgresql).major}, or dump the data and load it into a new database (docs/gates.md)`;
    return [{ property, problem, fix }];
  },
});
