import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { copyStore } from "../../../../lab/node/image-store";

describe("a container runtime's folder that is copied for a new lab", () => {
  const folder = mkdtempSync(join(tmpdir(), "image-store-"));
  const [kept, given] = [join(folder, "kept"), join(folder, "given")];
  const blob = "io.containerd.content.v1.content/blobs/sha256/abc";
  const layer = "io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/usr/bin/node";
  const layers = "io.containerd.snapshotter.v1.overlayfs/metadata.db";
  const images = "io.containerd.metadata.v1.bolt/meta.db";

  before(async () => {
    for (const file of [blob, layer, layers, images]) {
      mkdirSync(join(kept, dirname(file)), { recursive: true });
      writeFileSync(join(kept, file), file, { mode: 0o700 });
    }
    await copyStore({ run: async (program, args) => (await execa(program, args)).stdout }, kept, given);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("has everything, with its permissions", () => {
    for (const file of [blob, layer, layers, images]) {
      assert.equal(readFileSync(join(given, file), "utf8"), file);
      assert.equal(statSync(join(given, file)).mode & 0o777, 0o700, file);
    }
  });

  it("shares blobs and layers, which never change, and no database, which every lab writes to", () => {
    const isShared = (file: string) => statSync(join(given, file)).ino === statSync(join(kept, file)).ino;
    assert.deepEqual([blob, layer, layers, images].map(isShared), [true, true, false, false]);
  });
});
