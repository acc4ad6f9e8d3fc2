import type { Versions } from "../../components/platform/versions";
import { mongodbMajors, postgresqlMajors, type RancherLine, rancherLines } from "../../components/releases/releases";

/** What goes with what. Until when something gets fixes is in the table of ends of life. */
export interface SupportData {
  rancher: readonly RancherLine[];
  /** MongoDB majors that Parse Server runs on. */
  mongodbForParse: readonly number[];
  /** PostgreSQL majors that Parse Server runs on. */
  postgresqlForParse: readonly number[];
}

/** The facts of this release of the platform. */
export const supportData: SupportData = {
  rancher: rancherLines,
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

/** Parts of a stack whose versions are on record: each is a product of the table of ends of life. */
export const supportedParts = [
  "kubernetes",
  "rancher",
  "parse",
  "mongodb",
  "postgresql",
  "velero",
  "flux",
] as const satisfies readonly (keyof Versions)[];
