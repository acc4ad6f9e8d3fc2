import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FOLDERS, STORE_BUCKET, storePrograms } from "../../../components/backup/store-programs";

/** What MinIO's image has besides MinIO's own: a shell and coreutils, of which these are used. No grep, no sed. */
const COREUTILS = ["cat", "touch"];

/**
 * Runs a script that makes bucket and user, in a folder in the place of a pod, until it says that all is made.
 * @param programs what the image has: a name and a script in the program's place, or nothing for the host's own
 * @returns what the programs noted in the file `calls`
 */
async function provision(script: string, programs: Readonly<Record<string, string | undefined>>): Promise<string> {
  const pod = mkdtempSync(join(tmpdir(), "store-pod-"));
  const [bin, state] = [join(pod, "bin"), join(pod, "state")];
  for (const folder of [bin, state, `${pod}/credentials/root`, `${pod}/credentials/user`])
    mkdirSync(folder, { recursive: true });
  for (const [whose, key] of ["root/accessKeyId", "root/secretAccessKey", "user/secretAccessKey"].entries())
    writeFileSync(join(pod, "credentials", key), `key-${whose}`);
  for (const [name, text] of Object.entries(programs)) {
    if (text !== undefined) writeFileSync(join(bin, name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    else symlinkSync(execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(bin, name));
  }
  const inPod = script.replaceAll(FOLDERS.credentials, `${pod}/credentials`).replaceAll(FOLDERS.state, state);
  const run = spawn("/bin/sh", ["-c", inPod], { env: { PATH: bin, CALLS: join(pod, "calls") }, stdio: "pipe" });
  const ended = once(run, "close");
  let said = "";
  run.stderr.on("data", (text) => {
    said += String(text);
  });
  try {
    while (!existsSync(join(state, "provisioned"))) {
      assert.equal(run.exitCode, null, said);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return readFileSync(join(pod, "calls"), "utf8");
  } finally {
    run.kill();
    await ended;
    rmSync(pod, { recursive: true });
  }
}

describe("the stores in the cluster", () => {
  for (const [name, program] of Object.entries(storePrograms)) {
    it(`run ${name} by scripts that a shell can read, with credentials from files alone`, () => {
      for (const [file, script] of Object.entries(program.scripts)) {
        execFileSync("sh", ["-n"], { input: script });
        assert.match(script, /^set -eu\n/, file);
        for (const line of script.split("\n").filter((text) => /^exec /.test(text))) {
          assert.doesNotMatch(line, /_secret|_id\b/, `${file} puts credentials on a command line`);
        }
      }
      assert.ok(program.scripts["provision.sh"].includes(STORE_BUCKET));
      assert.deepEqual(
        Object.keys(program.environment).filter((variable) => /SECRET|PASSWORD|KEY/.test(variable)),
        [],
      );
    });
  }

  it("need nothing for MinIO that its image has not, and give no secret to a command line", async () => {
    const note = '{ echo "$@"; [ "$2" != user ] || cat; } >> "$CALLS"';
    const calls = await provision(storePrograms.minio.scripts["provision.sh"], {
      ...Object.fromEntries(COREUTILS.map((name) => [name, undefined])),
      mc: note,
      sleep: "exec /bin/sleep 0.1",
    });
    assert.deepEqual(calls.trim().split("\n").slice(-4), [
      "admin user add store",
      "velero",
      "key-2",
      "admin policy attach store backups --user velero",
    ]);
  });

  it("have SeaweedFS' bucket once it is listed: its shell ends well whatever became of a command", async () => {
    const shell = `read command
echo "$command" >> "$CALLS"
case "$command" in
*list) [ "$(/bin/grep -c create "$CALLS")" -lt 2 ] || echo "  backups	size:0" ;;
*) echo "error: no filer yet" >&2 ;;
esac`;
    const calls = await provision(storePrograms.seaweedfs.scripts["provision.sh"], {
      ...Object.fromEntries(["cat", "touch", "grep"].map((name) => [name, undefined])),
      weed: shell,
      sleep: "exec /bin/sleep 0.1",
    });
    const [list, create] = ["s3.bucket.list", "s3.bucket.create -name backups"];
    assert.deepEqual(calls.trim().split("\n"), [list, create, list, create, list]);
  });

  it("let SeaweedFS write to its volumes alone, and nobody reach the parts of it that ask for no key", () => {
    const served = storePrograms.seaweedfs.scripts["serve.sh"].replaceAll("\\\n", " ");
    const flags = Object.fromEntries(
      [...served.matchAll(/ -([a-zA-Z0-9.]+)=(\S+)/g)].map(([, flag, value]) => [flag, value]),
    );
    assert.equal(flags.logtostderr, "true");
    assert.deepEqual([flags["ip.bind"], flags["s3.ip.bind"]], ["127.0.0.1", "0.0.0.0"]);
    for (const flag of ["filer.localSocket", "s3.localSocket"])
      assert.ok(flags[flag]?.startsWith(`${FOLDERS.state}/`), flag);
  });
});
