import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { paths } from "./layout";

/** Parts of the lab, in the order in which they are built: the core runs Parse, the others come with `--all` or `--with`. */
export const partNames = ["core", "backup", "gitops", "monitoring"] as const;

/** The name of a part. */
export type PartName = (typeof partNames)[number];

/** What this checkout's lab consists of. A lab that was started with a part keeps it until it is reset. */
export function chosenParts(): readonly PartName[] {
  if (!existsSync(paths.parts)) return ["core"];
  const chosen = JSON.parse(readFileSync(paths.parts, "utf8")) as string[];
  return partNames.filter((name) => chosen.includes(name));
}

/** Makes the lab have these parts too from now on. */
export function addParts(names: readonly PartName[]): void {
  if (names.length === 0) return;
  const chosen = [...chosenParts(), ...names];
  mkdirSync(dirname(paths.parts), { recursive: true });
  writeFileSync(paths.parts, JSON.stringify(partNames.filter((name) => chosen.includes(name))));
}
