import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
