import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { LabError } from "../errors";
import type { Cut } from "./cuts/cut";

/**
 * A file's text without what a cut takes out.
 * @param text of the file
 * @param without what is taken out
 * @param place names the file, with its module's version, for the error
 * @throws LabError `unexpected-content` when something is not there, or more than once: the cut is for another version
 */
export function edited(text: string, without: readonly RegExp[], place: string): string {
  return without.reduce((rest, pattern) => {
    const count = [...rest.matchAll(new RegExp(pattern.source, `${pattern.flags}g`))].length;
    if (count !== 1)
      throw doesNotFit(`${place} has ${count} places like ${pattern}, and the cut takes out exactly one`);
    return rest.replace(pattern, "");
  }, text);
}

const doesNotFit = (what: string) =>
  new LabError("unexpected-content", `${what}. Adapt lab/toolchain/cuts.ts to this version of the module.`);

/**
 * Copies a module's source without its tests and without what cuts take out. What stays as it is are links.
 * @param cuts of this one module
 * @param source the module's folder in Go's module cache, which may not be changed; its name ends with the version
 * @param copy the folder that gets the copy, on the same file system or another one
 */
export function copyWithout(cuts: readonly Cut[], source: string, copy: string): void {
  const kept = new Map(cuts.flatMap((cut) => Object.entries(cut.keepOnly ?? {})));
  const removed = new Set(cuts.flatMap((cut) => cut.removed ?? []));
  const edits = cuts.flatMap((cut) => cut.edits ?? []);
  const named = [...removed, ...[...kept].flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`))];
  const missing = named.find((file) => !existsSync(join(source, file)));
  if (missing !== undefined) throw doesNotFit(`${source} has no ${missing}, which a cut names`);
  rmSync(copy, { recursive: true, force: true });
  linkFiles(source, copy, "", (file) => {
    const keptBeside = kept.get(dirname(file));
    const isOut = removed.has(file) || (keptBeside !== undefined && !keptBeside.includes(basename(file)));
    return !file.endsWith("_test.go") && !(file.endsWith(".go") && isOut);
  });
  for (const { file, without } of edits) {
    // As the edits before this one left it.
    const text = edited(readFileSync(join(copy, file), "utf8"), without, join(source, file));
    rmSync(join(copy, file));
    writeFileSync(join(copy, file), text);
  }
  for (const [file, text] of cuts.flatMap((cut) => Object.entries(cut.instead ?? {}))) {
    // A link to the module cache is no place to write to.
    rmSync(join(copy, file), { force: true });
    writeFileSync(join(copy, file), text);
  }
}

function linkFiles(source: string, copy: string, inside: string, isWanted: (file: string) => boolean): void {
  mkdirSync(join(copy, inside), { recursive: true });
  for (const entry of readdirSync(join(source, inside), { withFileTypes: true })) {
    const file = join(inside, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "testdata") linkFiles(source, copy, file, isWanted);
    } else if (isWanted(file)) linkOrCopy(join(source, file), join(copy, file));
  }
}

function linkOrCopy(source: string, copy: string): void {
  try {
    linkSync(source, copy);
  } catch {
    copyFileSync(source, copy);
  }
}

/**
 * Writes a go.mod, with its go.sum, in which some modules are folders (`go build -modfile`).
 * @param goModule folder of the Go module whose files are taken
 * @param copies folder by module
 * @param folder gets the files
 */
export function writeModFile(goModule: string, copies: Readonly<Record<string, string>>, folder: string): void {
  const own = readFileSync(join(goModule, "go.mod"), "utf8").split("\n");
  const others = own.filter((line) => !(line.startsWith("replace ") && (line.split(" ")[1] ?? "") in copies));
  const replaced = Object.entries(copies).map(([module, copy]) => `replace ${module} => ${copy}\n`);
  writeFileSync(join(folder, "go.mod"), `${others.join("\n")}\n${replaced.join("\n")}`);
  writeFileSync(join(folder, "go.sum"), readFileSync(join(goModule, "go.sum")));
}
