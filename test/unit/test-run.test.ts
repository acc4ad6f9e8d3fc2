import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lab/layout";

describe("test/run", () => {
  it("runs every test file of the lab, each in one lane", () => {
    const lanes = readFileSync(join(projectRoot, "test", "run"), "utf8").matchAll(
      /dist\/test\/lab\/\{?([\w,-]+)\}?\.test/g,
    );
    const run = [...lanes].flatMap(([, names = ""]) => names.split(","));
    const files = readdirSync(join(projectRoot, "test", "lab")).filter((name) => name.endsWith(".test.ts"));
    assert.deepEqual(run.sort(), files.map((name) => name.replace(".test.ts", "")).sort());
  });
});
