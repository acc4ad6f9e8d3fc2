import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lab/layout";
import { architectureOf } from "./architecture-page";
import {
  arrowsBetweenAreas,
  cyclesAmong,
  misplaced,
  refusalsIn,
  ruleOf,
  type Sources,
  unneededExceptions,
} from "./import-rules";
import { importsOf } from "./imports";

/** Fails with these sentences alone: no stack, which would lead into this test. */
function assertNone(sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  const error = new Error(sentences.join("\n"));
  error.stack = "";
  throw error;
}

/** What a project holds: its page on the architecture, its sources, its package.json. */
function projectIn(root: string) {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const sources: Sources = { ...importsOf(root), dependencies: Object.keys(dependencies) };
  return { architecture: architectureOf(page), sources };
}

const betweenFiles = ({ imports }: Sources) => imports.filter(({ isPackage }) => !isPackage);

describe("imports, as docs/architecture.md has them:", () => {
  const { architecture, sources } = projectIn(projectRoot);

  for (const area of architecture.areas.keys()) {
    it(`${area} imports ${ruleOf(area, architecture)}`, () => {
      assertNone(refusalsIn(area, architecture, sources));
    });
  }

  it("each file is in an area, and each area has its files", () => {
    assertNone(misplaced(architecture, sources));
  });

  it("the pictures show the areas that the table has", () => {
    const drawn = new Set(["product", "stand-ins", "lab", "test"].flatMap(architecture.areasIn));
    assert.deepEqual([...drawn].sort(), [...architecture.areas.keys()].sort());
    for (const { importer, imported } of arrowsBetweenAreas(architecture)) {
      assert.ok(drawn.has(importer) && drawn.has(imported), `${importer} --> ${imported}`);
    }
  });

  it("no arrow leads upward", () => {
    assertNone(cyclesAmong(arrowsBetweenAreas(architecture)));
  });

  it("no file imports itself by way of others", () => {
    assertNone(cyclesAmong(betweenFiles(sources)));
  });

  it("each exception is needed", () => {
    assertNone(unneededExceptions(architecture, sources));
  });
});

const PAGE = `
\`\`\`mermaid
flowchart TD
  subgraph product
    direction TB
    top["what is above"]
    subgraph domains
      parse
      backup
    end
    shared
  end
  settings ==> top
  top --> domains
  domains --> shared
  lab --> product
\`\`\`

| area     | where                |
| -------- | -------------------- |
| \`top\`    | \`index.ts\`           |
| \`parse\`  | \`parse\`              |
| \`backup\` | \`backup\`             |
| \`backup\` | \`keys.ts\`            |
| \`shared\` | \`shared\` \`parse/log.ts\` |
| \`lab\`    | \`lab\`                |

| who        | imports   | why     |
| ---------- | --------- | ------- |
| \`shared\`   | \`execa\`   | for now |
| \`keys.ts\`  | \`lab\`     | for now |
`;

/** A project that obeys its page but for the two exceptions. */
const OBEDIENT: Readonly<Record<string, string>> = {
  "docs/architecture.md": PAGE,
  "tsconfig.json": JSON.stringify({ compilerOptions: { module: "node20" } }),
  "package.json": JSON.stringify({ dependencies: { yaml: "2", "@pulumi/pulumi": "3" } }),
  "index.ts":
    'import { parse } from "./parse/index.js";\nimport "./shared/text";\nexport const all = () => import("./backup/store");',
  "parse/index.ts":
    'import type { Text } from "../shared/text";\nexport { log } from "./log";\nexport const parse: Text = "";',
  "parse/log.ts": 'import { parse } from "yaml";\nexport const log = parse;',
  "backup/store.ts":
    'import { log } from "../parse/log";\nimport { key } from "../keys";\nimport { run } from "@pulumi/pulumi/x";',
  "keys.ts": 'import { lab } from "./lab";\nexport const key = lab;',
  "shared/text.ts": 'import "execa";\nimport { join } from "node:path";\nexport type Text = string;',
  "lab/index.ts": 'import { all } from "../index";\nimport "mocha";\nexport const lab = all;',
};

describe("the rules of imports", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "imports-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** What is said of the obedient project with these files changed. */
  const sentencesOf = (changed: Readonly<Record<string, string>>): string[] => {
    for (const [file, text] of Object.entries({ ...OBEDIENT, ...changed })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const { architecture, sources } = projectIn(root);
    return [
      ...[...architecture.areas.keys()].flatMap((area) => refusalsIn(area, architecture, sources)),
      ...misplaced(architecture, sources),
      ...unneededExceptions(architecture, sources),
    ];
  };

  it("refuse nothing where arrows and exceptions allow it", () => {
    assert.deepEqual(sentencesOf({}), []);
  });

  const wayOut =
    "let the caller pass in what it needs, or move what both need into an area below both (docs/architecture.md).";
  const forbidden: Record<string, [file: string, text: string, sentence: string]> = {
    "one component in another": [
      "backup/names.ts",
      'import { parse } from "../parse";',
      `backup/names.ts imports parse/index.ts, but backup may import only from shared: ${wayOut}`,
    ],
    "a type alone": [
      "backup/names.ts",
      'import type { parse } from "../parse";',
      `backup/names.ts imports parse/index.ts, but backup may import only from shared: ${wayOut}`,
    ],
    "what is loaded later": [
      "shared/late.ts",
      'export const late = () => import("../lab");',
      `shared/late.ts imports lab/index.ts, but shared may import from no other area: ${wayOut}`,
    ],
    "what is exported at once": [
      "parse/all.ts",
      'export * from "../backup/store";',
      `parse/all.ts imports backup/store.ts, but parse may import only from shared: ${wayOut}`,
    ],
    "a package of development": [
      "parse/names.ts",
      'import { execa } from "execa";',
      "parse/names.ts imports the package execa, but what goes to customers may import only what package.json lists under dependencies: move it there, or do without it.",
    ],
  };
  for (const [what, [file, text, sentence]] of Object.entries(forbidden)) {
    it(`refuse ${what} with one sentence`, () => {
      assert.deepEqual(sentencesOf({ [file]: text }), [sentence]);
    });
  }

  it("refuse the import of a test", () => {
    assert.deepEqual(sentencesOf({ "lab/a.test.ts": "export const a = 1;", "lab/b.test.ts": 'import "./a.test";' }), [
      "lab/b.test.ts imports lab/a.test.ts, but tests are run and not imported: move what both need into a file of its own.",
    ]);
  });

  it("name a file in no area, and a path that nothing is at any more", () => {
    assert.deepEqual(sentencesOf({ "loose.ts": "", "docs/architecture.md": PAGE.replace("`index.ts`", "`main.ts`") }), [
      "index.ts is in no area: add it, or its folder, to the table in docs/architecture.md.",
      "loose.ts is in no area: add it, or its folder, to the table in docs/architecture.md.",
      "main.ts is not there any more: take it out of the table in docs/architecture.md.",
    ]);
  });

  it("name an exception that nothing needs any more", () => {
    assert.deepEqual(sentencesOf({ "keys.ts": "export const key = 1;" }), [
      "No import of lab by keys.ts is forbidden any more: take the exception out of docs/architecture.md.",
    ]);
  });

  it("judge what the build makes by where it stands", () => {
    assert.deepEqual(sentencesOf({ "parse/built.ts": 'require("./bundle.js");\nrequire("../backup/bundle.js");' }), [
      `parse/built.ts imports backup/bundle.js, but parse may import only from shared: ${wayOut}`,
    ]);
  });

  it("name each file of a cycle", () => {
    const edges = [
      ["a.ts", "b.ts"],
      ["b.ts", "c.ts"],
      ["c.ts", "b.ts"],
    ].map(([importer = "", imported = ""]) => ({ importer, imported }));
    assert.deepEqual(cyclesAmong(edges), [
      "b.ts imports c.ts imports b.ts: move what these need of one another into one that imports none of them.",
    ]);
    assert.deepEqual(cyclesAmong(edges.slice(0, 2)), []);
  });
});
