/** The rules of imports, as docs/architecture.md draws and lists them. */
export interface Architecture {
  /** Areas with the folders and files that they consist of. */
  readonly areas: ReadonlyMap<string, readonly string[]>;
  /** Thin arrows as they are drawn, between areas and boxes. */
  readonly arrows: readonly Arrow[];
  /** Areas of a box of the pictures, or the area of that name. */
  readonly areasIn: (box: string) => readonly string[];
  /** The area that a file is in: that with the longest path to it. */
  readonly areaOf: (file: string) => string | undefined;
  /** Imports that are allowed against the rules. */
  readonly exceptions: readonly Exception[];
}

/** That one area, or each area of a box, may import from another. */
export interface Arrow {
  readonly importer: string;
  readonly imported: string;
}

/** An import that is allowed against the rules. */
export interface Exception {
  /** File or folder that imports. */
  readonly importer: string;
  /** File, folder or package that is imported. */
  readonly imported: string;
}

/** Reads the Mermaid pictures and the tables of the page. */
export function architectureOf(page: string): Architecture {
  const lines = [...page.matchAll(/```mermaid\n(.*?)```/gs)].flatMap(([, picture = ""]) => picture.split("\n"));
  const boxes = boxesOf(lines);
  const areasIn = (box: string): string[] => boxes.get(box)?.flatMap(areasIn) ?? [box];
  const areas = new Map<string, readonly string[]>();
  for (const [name = "", where = ""] of tableOf(page, "area", "where")) {
    const area = namesIn(name)[0] ?? "";
    areas.set(area, [...(areas.get(area) ?? []), ...namesIn(where)]);
  }
  const places = [...areas].flatMap(([area, paths]) => paths.map((path) => ({ area, path })));
  places.sort((one, other) => other.path.length - one.path.length);
  return {
    areas,
    arrows: lines.flatMap(arrowsOf),
    areasIn,
    areaOf: (file) => places.find(({ path }) => isIn(path, file))?.area,
    exceptions: tableOf(page, "who", "imports").map(([importer = "", imported = ""]) => ({
      importer: namesIn(importer)[0] ?? "",
      imported: namesIn(imported)[0] ?? "",
    })),
  };
}

/** Whether a file is this one, or in this folder. */
export function isIn(path: string, file: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** `a & b --> c` as arrows from each to each. */
function arrowsOf(line: string): Arrow[] {
  const [importers = [], ...targets] = line.split(" --> ").map((ends) => ends.split("&").map(idOf));
  return importers.flatMap((importer) => targets.flat().map((imported) => ({ importer, imported })));
}

/** What each `subgraph` holds: the nodes on lines of their own, and other boxes. */
function boxesOf(lines: readonly string[]): Map<string, string[]> {
  const boxes = new Map<string, string[]>();
  const open: string[][] = [];
  for (const line of lines.map((text) => text.trim())) {
    const title = line.match(/^subgraph (.*)$/)?.[1];
    if (title !== undefined) {
      open.at(-1)?.push(idOf(title));
      const members: string[] = [];
      boxes.set(idOf(title), members);
      open.push(members);
    } else if (line === "end") open.pop();
    else if (line !== "" && !/^direction |[-=]>/.test(line)) open.at(-1)?.push(idOf(line));
  }
  return boxes;
}

/** `parse["Parse Server"]` → `parse`. */
function idOf(node: string): string {
  return node.trim().match(/^[\w-]+/)?.[0] ?? "";
}

/** Rows of the table whose head begins with these columns. */
function tableOf(page: string, ...head: readonly string[]): string[][] {
  const lines = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const start = lines.findIndex(([, ...cells]) => head.every((name, index) => cells[index] === name));
  const rows = start < 0 ? [] : lines.slice(start + 2);
  const end = rows.findIndex((cells) => cells.length < 2);
  return rows.slice(0, end < 0 ? rows.length : end).map(([, ...cells]) => cells);
}

/** What stands between backticks. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}
