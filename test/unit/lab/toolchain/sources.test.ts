import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LabError } from "../../../../lab/errors";
import type { Cut } from "../../../../lab/toolchain/cuts/cut";
import { copyWithout, edited, writeModFile } from "../../../../lab/toolchain/sources";

describe("sources without what is cut", () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const copy = (...cuts: Omit<Cut, "module" | "lost">[]) => {
    const whole = cuts.map((cut) => ({ module: "example.com/m", lost: "", ...cut }));
    copyWithout(whole, join(folder, "m@v1.0.0"), join(folder, "copy"));
  };
  const copied = (file: string) => readFileSync(join(folder, "copy", file), "utf8");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "onprem-sources-"));
    write("m@v1.0.0/go.mod", "module example.com/m\n");
    write(
      "m@v1.0.0/main.go",
      'package m\n\nimport (\n\t_ "example.com/cloud" // for clouds\n\t_ "example.com/file"\n)\n',
    );
    write("m@v1.0.0/main_test.go", "package m\n");
    write("m@v1.0.0/shell/kept.go", "package shell\n");
    write("m@v1.0.0/shell/rest.go", "package shell\n");
    write("m@v1.0.0/shell/template.txt", "embedded");
    write("m@v1.0.0/shell/testdata/a.go", "package a\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("take out what a pattern finds, and leave the rest as it is", () => {
    copy({ edits: [{ file: "main.go", without: [/^\t_ "example\.com\/cloud".*\n/m] }] });
    assert.equal(copied("main.go"), 'package m\n\nimport (\n\t_ "example.com/file"\n)\n');
    assert.equal(copied("go.mod"), "module example.com/m\n");
  });

  it("take out of one file what several cuts find", () => {
    copy(
      { edits: [{ file: "main.go", without: [/^\t_ "example\.com\/cloud".*\n/m] }] },
      { edits: [{ file: "main.go", without: [/^\t_ "example\.com\/file"\n/m] }] },
    );
    assert.equal(copied("main.go"), "package m\n\nimport (\n)\n");
  });

  it("keep of a folder the named Go files, and all that is no Go file", () => {
    copy({ keepOnly: { shell: ["kept.go"] } });
    assert.equal(copied("shell/kept.go"), "package shell\n");
    assert.equal(copied("shell/template.txt"), "embedded");
    assert.equal(existsSync(join(folder, "copy/shell/rest.go")), false);
  });

  it("leave out tests, which nothing compiles", () => {
    copy({});
    assert.equal(existsSync(join(folder, "copy/main_test.go")), false);
    assert.equal(existsSync(join(folder, "copy/shell/testdata")), false);
  });

  it("come from a module cache whose files are read-only", () => {
    chmodSync(join(folder, "m@v1.0.0/main.go"), 0o444);
    copy({ edits: [{ file: "main.go", without: [/^package m\n/m] }] });
    assert.match(copied("main.go"), /^\nimport/);
  });

  for (const [what, pattern, count] of [
    ["is not there", /nowhere/, 0],
    ["is there twice", /example\.com/, 2],
  ] as const) {
    it(`are refused where what is cut ${what}: the cut is for another version`, () => {
      const isRefused = (error: LabError) =>
        error.code === "unexpected-content" &&
        error.message.includes(`m@v1.0.0/main.go has ${count} places like ${pattern}`) &&
        error.message.includes("Adapt lab/toolchain/cuts.ts");
      assert.throws(() => copy({ edits: [{ file: "main.go", without: [pattern] }] }), isRefused);
    });
  }

  it("are refused where a file that a cut keeps is gone", () => {
    assert.throws(
      () => copy({ keepOnly: { shell: ["gone.go"] } }),
      /m@v1\.0\.0 has no shell\/gone\.go, which a cut names/,
    );
  });

  it("have our own text where a cut has one, and the module cache keeps its own", () => {
    copy({ instead: { "shell/kept.go": "package shell // ours\n", "shell/new.go": "package shell\n" } });
    assert.equal(copied("shell/kept.go"), "package shell // ours\n");
    assert.equal(copied("shell/new.go"), "package shell\n");
    assert.equal(readFileSync(join(folder, "m@v1.0.0/shell/kept.go"), "utf8"), "package shell\n");
  });

  it("may lose several things of one file", () => {
    assert.equal(edited("a\nb\nc\n", [/^a\n/m, /^c\n/m], "file"), "b\n");
  });

  it("are what a go.mod's replace lines lead to, beside its own", () => {
    write("lab/go.mod", "module lab\n\nreplace a => b v1.0.0\n");
    write("lab/go.sum", "a v1.0.0 h1:x\n");
    write("out/keep", "");
    writeModFile(join(folder, "lab"), { "example.com/m": "/copy/m" }, join(folder, "out"));
    assert.equal(
      readFileSync(join(folder, "out/go.mod"), "utf8"),
      "module lab\n\nreplace a => b v1.0.0\n\nreplace example.com/m => /copy/m\n",
    );
    assert.equal(readFileSync(join(folder, "out/go.sum"), "utf8"), "a v1.0.0 h1:x\n");
  });
});
