import { type Architecture, type Arrow, type Exception, isIn } from "./architecture-page";
import type { Import } from "./imports";

/** What is looked at: the files of the project, their imports, and the packages that go to customers. */
export interface Sources {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
  /** Names under `dependencies` in package.json. */
  readonly dependencies: readonly string[];
}

/** Imports of an area's files that are forbidden, in a sentence each. */
export function refusalsIn(area: string, architecture: Architecture, { imports, dependencies }: Sources): string[] {
  return imports
    .filter(({ importer }) => architecture.areaOf(importer) === area)
    .filter((one) => !architecture.exceptions.some((exception) => covers(exception, one)))
    .flatMap((one) => refusal(one, area, architecture, dependencies) ?? []);
}

/** Files that are in no area, and paths of areas that no file is at, in a sentence each. */
export function misplaced(architecture: Architecture, { files }: Pick<Sources, "files">): string[] {
  const unplaced = files.filter((file) => architecture.areaOf(file) === undefined);
  const paths = [...architecture.areas.values()].flat();
  const empty = paths.filter((path) => !files.some((file) => isIn(path, file)));
  return [
    ...unplaced.map((file) => `${file} is in no area: add it, or its folder, to the table in docs/architecture.md.`),
    ...empty.map((path) => `${path} is not there any more: take it out of the table in docs/architecture.md.`),
  ];
}

/** Exceptions that no import needs, in a sentence each. */
export function unneededExceptions(architecture: Architecture, sources: Sources): string[] {
  const strict = { ...architecture, exceptions: [] };
  const forbidden = sources.imports.filter((one) => {
    const area = architecture.areaOf(one.importer);
    return area !== undefined && refusal(one, area, strict, sources.dependencies) !== undefined;
  });
  return architecture.exceptions
    .filter((exception) => !forbidden.some((one) => covers(exception, one)))
    .map(
      ({ importer, imported }) =>
        `No import of ${imported} by ${importer} is forbidden any more: take the exception out of docs/architecture.md.`,
    );
}

/** A way from a file or area back to itself, as a sentence; the first that is found, and none where there is none. */
export function cyclesAmong(edges: readonly Arrow[]): string[] {
  const next = new Map<string, string[]>();
  for (const { importer, imported } of edges) next.set(importer, [...(next.get(importer) ?? []), imported]);
  const seen = new Set<string>();
  const cycleFrom = (name: string, way: readonly string[]): string[] => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (seen.has(name)) return [];
    seen.add(name);
    for (const imported of next.get(name) ?? []) {
      const cycle = cycleFrom(imported, [...way, name]);
      if (cycle.length > 0) return cycle;
    }
    return [];
  };
  const cycle = [...next.keys()].map((name) => cycleFrom(name, [])).find(({ length }) => length > 0);
  if (!cycle) return [];
  return [`${cycle.join(" imports ")}: move what these need of one another into one that imports none of them.`];
}

/** Areas and boxes that arrows lead to from an area, as they are drawn; a box that holds it counts as the area itself. */
function importedBy(area: string, { arrows, areasIn }: Architecture): string[] {
  return arrows.filter(({ importer }) => areasIn(importer).includes(area)).map(({ imported }) => imported);
}

/** The areas below an area: those that arrows lead to, directly or by way of others. */
function areasBelow(area: string, architecture: Architecture): Set<string> {
  const below = new Set<string>();
  const visit = (one: string): void => {
    for (const next of importedBy(one, architecture).flatMap(architecture.areasIn)) {
      if (below.has(next)) continue;
      below.add(next);
      visit(next);
    }
  };
  visit(area);
  return below;
}

/** The thin arrows between areas, boxes taken apart. */
export function arrowsBetweenAreas({ arrows, areasIn }: Architecture): Arrow[] {
  return arrows.flatMap(({ importer, imported }) =>
    areasIn(importer).flatMap((one) => areasIn(imported).map((other) => ({ importer: one, imported: other }))),
  );
}

/** `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function refusal(
  { importer, imported, isPackage }: Import,
  area: string,
  architecture: Architecture,
  dependencies: readonly string[],
): string | undefined {
  if (isPackage) {
    if (!architecture.areasIn("product").includes(area) || dependencies.includes(imported)) return undefined;
    return `${importer} imports the package ${imported}, but what goes to customers may import only what package.json lists under dependencies: move it there, or do without it.`;
  }
  if (imported.endsWith(".test.ts")) {
    return `${importer} imports ${imported}, but tests are run and not imported: move what both need into a file of its own.`;
  }
  const target = architecture.areaOf(imported);
  if (target === undefined || target === area || areasBelow(area, architecture).has(target)) return undefined;
  return `${importer} imports ${imported}, but ${area} may import ${ruleOf(area, architecture)}: let the caller pass in what it needs, or move what both need into an area below both (docs/architecture.md).`;
}

/** Completes "AREA may import". */
export function ruleOf(area: string, architecture: Architecture): string {
  const direct = importedBy(area, architecture);
  if (direct.length === 0) return "from no other area";
  const further = areasBelow(area, architecture).size > direct.flatMap(architecture.areasIn).length;
  return `only from ${listed(direct)}${further ? " and what is below" : ""}`;
}

function covers(exception: Exception, { importer, imported }: Import): boolean {
  return isIn(exception.importer, importer) && isIn(exception.imported, imported);
}
