import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectChart } from "../../../components/parse/chart";

const SCRIPT = join(projectChart("parse-server"), "files", "postgresql", "take-over-copy.sh");

describe("PostgreSQL's volume before the server starts", () => {
  let volume: string;
  const path = (...names: string[]) => join(volume, ...names);
  const database = (folder: string, content: string) => {
    mkdirSync(path(folder), { recursive: true });
    writeFileSync(path(folder, "PG_VERSION"), "17\n");
    writeFileSync(path(folder, "content"), content);
  };
  const restored = (name: string) => {
    mkdirSync(path(".velero"), { recursive: true });
    writeFileSync(path(".velero", name), "");
  };
  const start = () => execFileSync("sh", [SCRIPT, volume], { encoding: "utf8" });
  const served = () => readFileSync(path("pgdata", "content"), "utf8");

  beforeEach(() => {
    volume = mkdtempSync(join(tmpdir(), "volume-"));
  });
  afterEach(() => rmSync(volume, { recursive: true }));

  it("is empty on the first start, and stays so", () => {
    assert.equal(start(), "");
    assert.ok(!existsSync(path("pgdata")));
  });

  it("keeps its data where nothing was restored, even beside a copy that a cut-off backup left", () => {
    database("pgdata", "data");
    database("copy", "copy");
    start();
    assert.equal(served(), "data");
  });

  it("gets the consistent copy after a restore, once", () => {
    database("copy", "copy");
    writeFileSync(path(".kopiaignore"), "/pgdata/\n");
    restored("first");
    start();
    assert.equal(served(), "copy");
    assert.ok(!existsSync(path(".kopiaignore")), "a later backup would leave the data out");
    writeFileSync(path("pgdata", "content"), "changed since");
    database("copy", "copy of a later backup that was cut off");
    start();
    assert.equal(served(), "changed since");
  });

  it("gets it in the place of data that a backup had beside it", () => {
    database("pgdata", "torn data");
    database("copy", "copy");
    restored("first");
    start();
    assert.equal(served(), "copy");
  });

  it("gets the copy of a second restore too", () => {
    database("pgdata", "torn data");
    database("copy", "first copy");
    restored("first");
    start();
    database("copy", "second copy");
    restored("second");
    start();
    assert.equal(served(), "second copy");
    assert.ok(!existsSync(path("copy")) && !existsSync(path("pgdata.restored")));
  });

  it("keeps its data after the restore of a backup without a copy", () => {
    database("pgdata", "data");
    restored("first");
    start();
    assert.equal(served(), "data");
  });

  it("is finished when the script was stopped between any two steps", () => {
    for (const stopped of ["data set aside", "copy in place"]) {
      rmSync(volume, { recursive: true });
      mkdirSync(volume);
      database("pgdata", "torn data");
      database("copy", "copy");
      restored("first");
      renameSync(path("pgdata"), path("pgdata.restored"));
      if (stopped === "copy in place") renameSync(path("copy"), path("pgdata"));
      start();
      assert.equal(served(), "copy", stopped);
      assert.ok(!existsSync(path("pgdata.restored")), stopped);
    }
  });

  it("does not take a copy that was not finished", () => {
    database("pgdata", "data");
    mkdirSync(path("copy.draft"));
    restored("first");
    start();
    assert.equal(served(), "data");
  });
});
