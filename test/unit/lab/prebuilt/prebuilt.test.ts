import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../lab/layout";
import type { Artefact } from "../../../../lab/prebuilt/artefact";
import { archiveOf, LocalPublisher, sha256 } from "../../../support/prebuilt/local-publisher";

const KUBECTL = archiveOf({ kubectl: "#!kubectl" });

describe("the lab's choice of programs", () => {
  let publisher: LocalPublisher;
  let folder: string;
  beforeEach(async () => {
    publisher = await new LocalPublisher().start();
    folder = mkdtempSync(join(tmpdir(), "choice-"));
  });
  afterEach(async () => {
    await publisher.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs an expression of a lab's command, in a cache of its own, with a table of one program. */
  const inLab = async (expression: string, environment: Readonly<Record<string, string>> = {}) => {
    const artefact: Artefact = {
      name: "kubectl",
      version: "v1",
      url: publisher.address("/kubectl.tar.gz"),
      archive: "tar.gz",
      files: { kubectl: "kubectl" },
      checksum: { sha256: sha256(KUBECTL), readIn: "this test" },
    };
    const table = join(folder, "table.json");
    writeFileSync(table, JSON.stringify([artefact]));
    const modules = { prebuilt: "lab/prebuilt/prebuilt.js", build: "lab/toolchain/build.js" };
    const requires = Object.entries(modules).map(
      ([name, file]) => `const ${name} = require("${join(projectRoot, "dist", file)}");`,
    );
    const script = `${requires.join("\n")}
      const step = { progress: (line) => console.log("said: " + line), log: () => {} };
      (async () => console.log(JSON.stringify(await (${expression}))))().catch((error) => console.log(error.message))`;
    const env = { ONPREM_CACHE: join(folder, "cache"), ONPREM_PREBUILT_TABLE: table, ...environment };
    const { stdout } = await execa("node", ["-e", script], { env });
    return stdout.split("\n");
  };
  const prebuilt = () => join(folder, "cache", "prebuilt-programs");
  const mode = (value: string) => ({ ONPREM_PREBUILT: value });

  it("is the publishers' programs where they can be had, which need no Go", async () => {
    publisher.offer("/kubectl.tar.gz", KUBECTL);
    const auto = mode("auto");
    assert.deepEqual(await inLab('prebuilt.compilationOf("core", false)', auto), ['{"needed":false}']);
    const path = { ...auto, PATH: "/usr/bin:/bin" };
    const [built] = (await inLab('build.buildPrograms(step, "core")', path)).slice(-1);
    const [key = ""] = readdirSync(prebuilt());
    assert.equal(built, JSON.stringify(join(prebuilt(), key)));
    assert.deepEqual(readdirSync(join(prebuilt(), key)), ["kubectl"]);
    const found = await inLab("build.builtPrograms()", auto);
    assert.deepEqual(found, [JSON.stringify({ folder: join(prebuilt(), key), present: true })]);
  });

  it("is compiled programs where they cannot be had, and says why, with Go or without", async () => {
    const refusal = `${new URL(publisher.address("/")).host} answers 404 to ${publisher.address("/kubectl.tar.gz")}`;
    const needed = await inLab('prebuilt.compilationOf("core", false)', mode("auto"));
    assert.deepEqual(needed, [JSON.stringify({ needed: true, refusal })]);
    const said = `compiling, since the publishers' programs could not be had within the last day: ${refusal}`;
    assert.deepEqual(await inLab('prebuilt.fetchPrebuilt(step, "core", false)', mode("auto")), [
      `said: ${said}`,
      "undefined",
    ]);
    assert.equal(publisher.asked.length, 1);
    assert.match((await inLab("build.builtPrograms()", mode("auto")))[0] ?? "", /cache\/programs\//);
  });

  it("is compiled programs in `never`, and where compiled ones are there in `auto`, and asks nobody", async () => {
    publisher.offer("/kubectl.tar.gz", KUBECTL);
    assert.deepEqual(await inLab('prebuilt.fetchPrebuilt(step, "core", false)', mode("never")), ["undefined"]);
    assert.deepEqual(await inLab('prebuilt.compilationOf("core", false)', mode("never")), ['{"needed":true}']);
    assert.deepEqual(await inLab('prebuilt.fetchPrebuilt(step, "core", true)', mode("auto")), ["undefined"]);
    assert.deepEqual(await inLab('prebuilt.compilationOf("core", true)', mode("auto")), ['{"needed":false}']);
    assert.deepEqual(publisher.asked, []);
  });

  it("stays with compiled programs in `never` where the publishers' are there too", async () => {
    publisher.offer("/kubectl.tar.gz", KUBECTL);
    await inLab('prebuilt.fetchPrebuilt(step, "core", false)', mode("always"));
    assert.equal(readdirSync(prebuilt()).length, 1);
    assert.deepEqual(await inLab('prebuilt.prebuiltPrograms("core")', mode("never")), ["undefined"]);
    assert.match((await inLab("build.builtPrograms()", mode("never")))[0] ?? "", /cache\/programs\//);
  });

  it("is an error with the way out in `always` where they cannot be had", async () => {
    const [message = ""] = await inLab('build.buildPrograms(step, "core")', mode("always"));
    assert.match(message, /answers 404 to .*\. ONPREM_PREBUILT=always takes nothing else: .*ONPREM_PREBUILT=never/);
    assert.ok(!existsSync(join(folder, "cache", "programs")), "nothing was compiled");
  });

  it("is compiled programs for parts whose publishers offer images only", async () => {
    assert.deepEqual(await inLab('prebuilt.compilationOf("gitops", false)', mode("always")), ['{"needed":true}']);
    assert.deepEqual(await inLab('prebuilt.fetchPrebuilt(step, "gitops", false)', mode("always")), ["undefined"]);
  });
});
