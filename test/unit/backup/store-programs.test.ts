import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { STORE_BUCKET, storePrograms } from "../../../components/backup/store-programs";

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
});
