import assert from "node:assert/strict";
import { mirrorFolders } from "../../lab/mirror.js";
import { LabStack } from "./lab-stack.js";

describe("the stack prod as it is checked in", function () {
  this.timeout(120_000);
  const stack = new LabStack("prod-as-checked-in");
  before(() => stack.create());
  after(() => stack.remove());

  it("can be previewed from nothing, with its cloud, its Rancher and Parse Server in it", async () => {
    // Offline, the files of releases come from the lab's mirror.
    stack.write({ ...stack.settings("prod"), sources: { manifests: mirrorFolders.manifests } });
    const output = await stack.succeed("preview");
    for (const part of [
      "gcp:container:Cluster",
      "gcp:compute:Instance",
      "rancher2:index:Cluster",
      "helm.sh/v3:Release",
      "velero.io/v1:BackupStorageLocation",
      "gcp:storage:Bucket",
    ]) {
      assert.ok(output.includes(part), `${part} is not in the preview:\n${output}`);
    }
    assert.doesNotMatch(output, /error/i);
    stack.write(stack.settings());
  });
});
