import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { chartChecksum, projectChart } from "../../../components/parse/chart";

describe("chartChecksum", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chart-"));
    mkdirSync(join(folder, "templates"));
    writeFileSync(join(folder, "Chart.yaml"), "name: sample");
    writeFileSync(join(folder, "templates", "a.yaml"), "one");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("changes with the content and with the name of any file, hidden ones too", () => {
    const first = chartChecksum(folder);
    writeFileSync(join(folder, "templates", "a.yaml"), "two");
    const edited = chartChecksum(folder);
    writeFileSync(join(folder, "templates", ".helmignore"), "");
    const added = chartChecksum(folder);
    assert.equal(new Set([first, edited, added]).size, 3);
  });

  it("does not depend on where the chart lies", () => {
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    assert.equal(chartChecksum(copy), chartChecksum(folder));
    rmSync(copy, { recursive: true });
  });

  it("does not confuse a file's content with the next file's name", () => {
    writeFileSync(join(folder, "templates", "b.yaml"), "x");
    const first = chartChecksum(folder);
    rmSync(join(folder, "templates", "b.yaml"));
    writeFileSync(join(folder, "templates", "a.yaml"), "onetemplates/b.yamlx");
    assert.notEqual(chartChecksum(folder), first);
  });

  it("says what is missing where there is no chart", () => {
    assert.throws(() => chartChecksum(join(folder, "templates")), {
      code: "CHART_FOLDER",
      message: /no Helm chart in .*templates/,
    });
  });
});

describe("projectChart", () => {
  it("is relative to the working directory and finds the chart", () => {
    const path = projectChart("parse-server");
    assert.equal(isAbsolute(path), false);
    assert.match(chartChecksum(path), /^[0-9a-f]{16}$/);
  });
});
