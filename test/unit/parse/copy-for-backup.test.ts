import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectChart } from "../../../components/parse/chart";

const SCRIPTS = join(projectChart("parse-server"), "files", "postgresql");

describe("PostgreSQL's volume around a backup", () => {
  let folder: string;
  let volume: string;
  const path = (...names: string[]) => join(volume, ...names);
  const leftOut = () => (existsSync(path(".kopiaignore")) ? readFileSync(path(".kopiaignore"), "utf8") : undefined);

  /** Runs a script with a stand-in for `pg_basebackup`, which writes half a copy and goes on with this command. */
  const run = (script: string, then = "true") => {
    const program = `#!/bin/sh\nfor option; do case $option in --pgdata=*) to=\${option#*=};; esac; done\nmkdir "$to"; echo 17 > "$to/PG_VERSION"; ${then}\n`;
    writeFileSync(join(folder, "pg_basebackup"), program, { mode: 0o755 });
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, POSTGRES_USER: "parse" };
    execFileSync("sh", [join(SCRIPTS, script), volume], { env, stdio: "pipe" });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "backup-scripts-"));
    volume = join(folder, "volume");
    mkdirSync(path("pgdata"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("has a copy, and its data is left out of the backup", () => {
    run("copy-for-backup.sh");
    assert.ok(existsSync(path("copy", "PG_VERSION")));
    assert.equal(leftOut(), "/pgdata/\n");
  });

  it("has its data in the backup where there is no complete copy, whatever an earlier backup left", () => {
    run("copy-for-backup.sh");
    assert.throws(() => run("copy-for-backup.sh", "exit 1"));
    assert.ok(!existsSync(path("copy")) && !existsSync(path("copy.draft")));
    assert.equal(leftOut(), undefined);
  });

  it("leaves its data out only once the copy is complete", () => {
    run("copy-for-backup.sh", `test ! -e ${path(".kopiaignore")}`);
    run("copy-for-backup.sh", `test ! -e ${path(".kopiaignore")}`);
    assert.equal(leftOut(), "/pgdata/\n");
  });

  it("has neither afterwards", () => {
    run("copy-for-backup.sh");
    run("discard-copy.sh");
    assert.ok(!existsSync(path("copy")));
    assert.equal(leftOut(), undefined);
  });
});

describe("PostgreSQL's volume around backups that meet, or do not end", () => {
  let folder: string;
  let volume: string;
  const path = (...names: string[]) => join(volume, ...names);
  const copies = () => readdirSync(volume).filter((name) => name.startsWith("copy"));
  const contentOf = (copy: string) => readFileSync(path(copy, "content"), "utf8").trim();

  const setTimeouts = (hookSeconds: number, copySeconds: number) => {
    writeFileSync(join(folder, "scripts", "hook-seconds"), `${hookSeconds}`);
    writeFileSync(join(folder, "scripts", "copy-seconds"), `${copySeconds}`);
  };
  const environment = () => ({ PATH: `${folder}${delimiter}${process.env.PATH}`, POSTGRES_USER: "parse" });
  /** Has `pg_basebackup` write this content into its copy, after this command. */
  const database = (content: string, first = "true") =>
    writeFileSync(
      join(folder, "pg_basebackup"),
      `#!/bin/sh\nfor option; do case $option in --pgdata=*) to=\${option#*=};; esac; done\nmkdir "$to"; echo 17 > "$to/PG_VERSION"; ${first} || exit 1; echo ${content} > "$to/content"\n`,
      { mode: 0o755 },
    );
  const run = (script: string) => {
    const file = join(folder, "scripts", script);
    const { status, stderr } = spawnSync("sh", [file, volume], { env: environment(), encoding: "utf8" });
    return { status, reason: stderr };
  };
  const makeCopy = () => run("copy-for-backup.sh");
  const discardCopy = () => run("discard-copy.sh");
  const succeeded = { status: 0, reason: "" };
  const refused = ({ status, reason }: { status: number | null; reason: string }, expected: RegExp) => {
    assert.equal(status, 1);
    assert.match(reason, expected);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "backup-scripts-"));
    volume = join(folder, "volume");
    cpSync(SCRIPTS, join(folder, "scripts"), { recursive: true });
    mkdirSync(path("pgdata"), { recursive: true });
    setTimeouts(60, 60);
    database("first");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("fails a backup whose end finds no copy", () => {
    refused(discardCopy(), /there is no copy of the database/);
    assert.deepEqual(makeCopy(), succeeded);
    rmSync(path("copy"), { recursive: true });
    refused(discardCopy(), /removed before the backup's end/);
  });

  it("takes no file from whoever reads an older copy and gives none of another copy in its place", () => {
    assert.deepEqual(makeCopy(), succeeded);
    database("second");
    assert.deepEqual(makeCopy(), succeeded);
    const [copy = "", ...others] = copies();
    assert.deepEqual(others, []);
    assert.notEqual(copy, "copy", "a reader of the first copy would go on in the second");
    assert.equal(contentOf(copy), "second");
  });

  it("has the data left out, and the older copy there, until the second backup's copy is complete", () => {
    makeCopy();
    database(
      "second",
      `grep -qx /pgdata/ ${path(".kopiaignore")} && grep -qx /copy.draft/ ${path(".kopiaignore")} && test -e ${path("copy", "content")}`,
    );
    assert.deepEqual(makeCopy(), succeeded);
    assert.equal(readFileSync(path(".kopiaignore"), "utf8"), "/pgdata/\n");
  });

  it("keeps the older copy when the second backup's cannot be made", () => {
    makeCopy();
    database("second", "false");
    refused(makeCopy(), /pg_basebackup ended with 1: there is no copy/);
    assert.deepEqual(copies(), ["copy"]);
    assert.deepEqual(discardCopy(), succeeded);
    assert.deepEqual(copies(), []);
  });

  it("keeps the copy until the last of the backups has ended", () => {
    makeCopy();
    makeCopy();
    assert.deepEqual(discardCopy(), succeeded);
    assert.equal(copies().length, 1);
    assert.deepEqual(makeCopy(), succeeded);
    assert.deepEqual(discardCopy(), succeeded);
    assert.equal(copies().length, 1);
    assert.deepEqual(discardCopy(), succeeded);
    assert.deepEqual(copies(), []);
    assert.ok(!existsSync(path(".kopiaignore")));
  });

  it("forgets a backup that never ended once Velero has given it up", () => {
    setTimeouts(60, 1);
    makeCopy();
    spawnSync("sleep", ["1.1"]);
    assert.deepEqual(makeCopy(), succeeded);
    assert.deepEqual(copies(), ["copy"]);
    assert.deepEqual(discardCopy(), succeeded);
    assert.deepEqual(copies(), []);
  });

  it("has no copy, and says why, when it was not complete in the time that Velero waits", () => {
    setTimeouts(1, 60);
    database("late", "exec sleep 20");
    const began = Date.now();
    refused(makeCopy(), /not complete 1 s after the hook began: raise onprem:backup\.timeouts\.hooks/);
    assert.ok(Date.now() - began < 15_000, "it went on after its time");
    assert.deepEqual(copies(), []);
  });

  it("has no copy when the database ends its connection in the middle", () => {
    database("half", "kill -KILL $$");
    refused(makeCopy(), /there is no copy of the database/);
    assert.deepEqual(copies(), []);
    refused(discardCopy(), /there is no copy/);
  });

  it("is copied for one backup after the other, also when both begin at once", async () => {
    database("content", `mkdir ${join(folder, "busy")} && sleep 0.2 && rmdir ${join(folder, "busy")}`);
    const ends = [1, 2].map(() => {
      const hook = spawn("sh", [join(folder, "scripts", "copy-for-backup.sh"), volume], { env: environment() });
      return new Promise((resolve) => hook.once("exit", resolve));
    });
    assert.deepEqual(await Promise.all(ends), [0, 0]);
    assert.equal(copies().length, 1);
  });

  it("starts from the newest copy after the restore of a backup that met another", () => {
    makeCopy();
    cpSync(path("copy"), join(folder, "kept"), { recursive: true });
    database("second");
    makeCopy();
    // What was left of the first while it was removed.
    cpSync(join(folder, "kept"), path("copy"), { recursive: true });
    mkdirSync(path(".velero"));
    writeFileSync(path(".velero", "restore"), "");
    assert.equal(run("take-over-copy.sh").status, 0);
    assert.equal(contentOf("pgdata"), "second");
    assert.deepEqual(copies(), []);
    assert.ok(!existsSync(path("backups-under-way")));
  });
});
