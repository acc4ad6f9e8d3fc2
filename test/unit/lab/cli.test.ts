import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { projectRoot } from "../../../lab/layout";

describe("the lab's command", () => {
  it("ends without a word when nobody reads what it writes any more", () => {
    // The reader is gone before the command writes.
    const script = `(sleep 1; exec "$0" dist/lab/cli.js env) | true; exit "\${PIPESTATUS[0]}"`;
    const { status, stderr } = spawnSync("bash", ["-c", script, process.execPath], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });
});
