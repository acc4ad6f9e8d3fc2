import {
  kubernetesLines,
  mongodbMajors,
  postgresqlMajors,
  type RancherLine,
  rancherLines,
  type SupportLine,
} from "../../components/releases";
import type { Versions } from "../../components/versions";

/** What goes with what, and until when. */
export interface SupportData {
  kubernetes: readonly SupportLine[];
  rancher: readonly RancherLine[];
  mongodb: readonly SupportLine[];
  postgresql: readonly SupportLine[];
  /** MongoDB majors that Parse Server runs on. */
  mongodbForParse: readonly number[];
  /** PostgreSQL majors that Parse Server runs on. */
  postgresqlForParse: readonly number[];
}

const MONGODB_LIFECYCLES = { source: "https://www.mongodb.com/legal/support-policy/lifecycles", checked: "2026-11" };
const POSTGRESQL_VERSIONS = { source: "https://www.postgresql.org/support/versioning/", checked: "2026-11" };

/** The facts of this release of the platform. */
export const supportData: SupportData = {
  kubernetes: kubernetesLines,
  rancher: rancherLines,
  mongodb: [
    { line: "6", endOfLife: "2025-07-31", ...MONGODB_LIFECYCLES },
    { line: "7", endOfLife: "2026-08-31", ...MONGODB_LIFECYCLES },
    { line: "8", endOfLife: "2029-10-31", ...MONGODB_LIFECYCLES },
  ],
  postgresql: [
    { line: "15", endOfLife: "2027-11-11", ...POSTGRESQL_VERSIONS },
    { line: "16", endOfLife: "2028-11-09", ...POSTGRESQL_VERSIONS },
    { line: "17", endOfLife: "2029-11-08", ...POSTGRESQL_VERSIONS },
    { line: "18", endOfLife: "2030-11-14", ...POSTGRESQL_VERSIONS },
  ],
  mongodbForParse: mongodbMajors,
  postgresqlForParse: postgresqlMajors,
};

/** A version's first two numbers; a tag's suffix and digest are passed over. */
export function numbersOf(version: string): { major: number; minor: number } {
  const [, major = "0", minor = "0"] = /^v?(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return { major: Number(major), minor: Number(minor) };
}

/** `major.minor` of a version. */
export function minorOf(version: string): string {
  const { major, minor } = numbersOf(version);
  return `${major}.${minor}`;
}

/** Parts whose releases have an end of life, and how their lines count. */
export const supportedParts = ["kubernetes", "rancher", "mongodb", "postgresql"] as const;

/** The support line that a part's version belongs to; `undefined` for one that the platform does not know. */
export function lineOf(part: (typeof supportedParts)[number], version: string, support: SupportData) {
  const countsMajors = part === "mongodb" || part === "postgresql";
  const line = countsMajors ? String(numbersOf(version).major) : minorOf(version);
  return support[part].find((candidate) => candidate.line === line);
}

/** Parts whose versions differ between two deployments. */
export function changedParts(from: Versions | undefined, to: Versions): (keyof Versions)[] {
  const parts = new Set([...Object.keys(from ?? {}), ...Object.keys(to)]) as Set<keyof Versions>;
  return [...parts].filter((part) => from?.[part] !== to[part]);
}
