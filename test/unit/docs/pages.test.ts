import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lab/layout";

const read = (page: string) => readFileSync(join(projectRoot, page), "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** The addresses that GitHub gives to the headings of a page. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```.*?^```/gms, "").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Links that lead to no file, or to no heading of it. */
function brokenLinks(page: string): string[] {
  const links = read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  return [...links].flatMap(([link, path = "", heading]) => {
    const target = path === "" ? page : join(dirname(page), path);
    if (!existsSync(join(projectRoot, target))) return [link];
    return heading === undefined || anchorsOf(read(target)).includes(heading) ? [] : [link];
  });
}

/** `npm run NAME`, `npm start` and `npm test` without a script of that name. */
function unknownScripts(page: string): string[] {
  const commands = read(page).matchAll(/npm (?:run (?:-\S+ )*([\w:]+)|(start|test)\b)/g);
  return [...commands].flatMap(([command, run, name = run ?? ""]) => (scripts[name] ? [] : [command]));
}

/** Paths of the project in code and commands: up to what stands for any name, `dist/` as what it is compiled from. */
function missingPaths(page: string): string[] {
  const code = [...read(page).matchAll(/```\w*\n(.*?)```|`([^`\n]+)`/gs)].map(
    ([, block, inline]) => block ?? inline ?? "",
  );
  const words = code.flatMap((text) => text.split(/[\s'"]+/));
  const paths = words.filter((word) =>
    /^(components|policy|ops|lab|test|docs|charts|ci|dist)\/|^[\w.-]+\.(ts|json|yaml|md)$/.test(word),
  );
  return paths.filter((path) => {
    const steps = path.split("/");
    const any = steps.findIndex((step) => /[*{]|^[A-Z]+(\.\w+)?$/.test(step));
    const known = (any < 0 ? steps : steps.slice(0, any)).join("/");
    return !existsSync(join(projectRoot, known.replace(/^dist\/(.*)\.js$/, "$1.ts").replace(/^dist\//, "")));
  });
}

describe("the pages for people", () => {
  for (const page of pages) {
    it(`${page} links to files and headings that there are, and names npm scripts that there are`, () => {
      assert.deepEqual([...brokenLinks(page), ...unknownScripts(page)], []);
    });
  }

  it("CONTRIBUTING.md names only files and folders that there are", () => {
    assert.deepEqual(missingPaths("CONTRIBUTING.md"), []);
  });
});
