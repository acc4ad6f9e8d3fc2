import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { projectRoot } from "../../../lab/layout";
import type { ExpectedChange } from "./changes";

/** The release from which the way up is tried. Its archive is beside this file's source, and README.md there says of what. */
export const LAST_RELEASE = "0.1.0";

const folder = join(projectRoot, "test/support/upgrade");

/** What today's program changes in a stack of {@link LAST_RELEASE}, and why that is right. */
export function expectedChanges(): ExpectedChange[] {
  const file = join(folder, "expected-changes.yaml");
  return (parse(readFileSync(file, "utf8")) as ExpectedChange[] | null) ?? [];
}

/**
 * Unpacks the program of the last release, ready to run, with the packages of this checkout for what it does not hold.
 * @param place folder that it becomes; what is there goes
 * @returns the folder
 */
export async function unpackLastRelease(place: string): Promise<string> {
  const archive = join(folder, `platform-${LAST_RELEASE}.tar.gz`);
  if (existsSync(place)) rmSync(place, { recursive: true });
  mkdirSync(place, { recursive: true });
  await execa("tar", ["-xzf", archive, "-C", place]);
  symlinkSync(join(projectRoot, "node_modules"), join(place, "node_modules"));
  return place;
}

/** Sections of a settings file of a release, without the `onprem:` before each; of several files, the last one has its way. */
export function settingsIn(place: string, ...files: readonly string[]): Record<string, unknown> {
  const sections = files.flatMap((file) => {
    const { config } = parse(readFileSync(join(place, file), "utf8")) as { config: Record<string, unknown> };
    return Object.entries(config).map(([key, value]) => [key.replace("onprem:", ""), value] as const);
  });
  return Object.fromEntries(sections);
}
