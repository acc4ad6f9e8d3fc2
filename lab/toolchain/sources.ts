import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { LabError } from "../errors.js";
import type { Cut } from "./cuts.js";

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
 * Copies a module's source without its tests and without what cuts take out.
 * @param cuts of this one module
 * @param source the module's folder in Go's module cache, which may not be changed; its name ends with the version
 * @param copy the folder that gets the copy
 */
export function copyWithout(cuts: readonly Cut[], source: string, copy: string): void {
  const keepOnly = cuts.flatMap((cut) => Object.entries(cut.keepOnly ?? {}));
  const kept = new Map(keepOnly.map(([folder, names]) => [folder, new Set(names)]));
  for (const [folder, names] of keepOnly) {
    const missing = names.find((name) => !existsSync(join(source, folder, name)));
    if (missing !== undefined) throw doesNotFit(`${source}/${folder} has no ${missing}, which a cut keeps`);
  }
  const leftOut = new Set(cuts.flatMap((cut) => cut.leftOut ?? []));
  const missing = [...leftOut].find((file) => !existsSync(join(source, file)));
  if (missing !== undefined) throw doesNotFit(`${source} has no ${missing}, which a cut leaves out`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(source, copy, {
    recursive: true,
    filter: (path) => {
      const inside = relative(source, path);
      const [folder, name] = [inside.split("/").slice(0, -1).join("/"), inside.split("/").at(-1) ?? ""];
      if (name.endsWith("_test.go")) return false;
      if (leftOut.has(inside)) return false;
      return !name.endsWith(".go") || (kept.get(folder)?.has(name) ?? true);
    },
  });
  for (const { file, without } of cuts.flatMap((cut) => cut.edits ?? [])) {
    const draft = join(copy, file);
    const text = edited(readFileSync(draft, "utf8"), without, join(source, file));
    // Files of the module cache, and so copies of them, are read-only.
    rmSync(draft);
    writeFileSync(draft, text);
  }
  for (const [file, text] of cuts.flatMap((cut) => Object.entries(cut.instead ?? {}))) {
    rmSync(join(copy, file), { force: true });
    writeFileSync(join(copy, file), text);
  }
}

/**
 * Writes a go.mod, with its go.sum, in which some modules are folders (`go build -modfile`).
 * @param goModule folder of the Go module whose files are taken
 * @param copies folder by module
 * @param folder gets the files
 */
export function writeModFile(goModule: string, copies: Readonly<Record<string, string>>, folder: string): void {
  const isReplaced = (line: string) => Object.keys(copies).some((module) => line.startsWith(`replace ${module} =>`));
  const kept = readFileSync(join(goModule, "go.mod"), "utf8").split("\n");
  const lines = Object.entries(copies).map(([module, copy]) => `replace ${module} => ${copy}\n`);
  // Of a module with two `replace` lines Go says that they contradict each other.
  const text = kept.filter((line) => !isReplaced(line)).join("\n");
  writeFileSync(join(folder, "go.mod"), `${text}\n${lines.join("\n")}`);
  writeFileSync(join(folder, "go.sum"), readFileSync(join(goModule, "go.sum")));
}
