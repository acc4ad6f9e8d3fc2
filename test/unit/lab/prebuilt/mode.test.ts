import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError } from "../../../../lab/errors";
import { prebuiltMode, RefusalMemory } from "../../../../lab/prebuilt/mode";

describe("where programs come from", () => {
  it("is auto unless ONPREM_PREBUILT says otherwise", () => {
    assert.deepEqual(["", "auto", "never", "always"].map(prebuiltMode), ["auto", "auto", "never", "always"]);
  });

  it("is one of three words, and another is refused with all of them", () => {
    assert.throws(
      () => prebuiltMode("Always"),
      (error: Error) => {
        assert.ok(error instanceof LabError);
        assert.equal(error.code, "invalid-setting");
        assert.match(error.message, /^ONPREM_PREBUILT is "Always", and may be auto .*, never .* or always .*\.$/);
        return true;
      },
    );
  });
});

describe("the memory of publishers that failed", () => {
  const folder = mkdtempSync(join(tmpdir(), "memory-"));
  after(() => rmSync(folder, { recursive: true }));
  const memory = new RefusalMemory(join(folder, "cache", "refused.json"));

  it("has no reason before one is noted, nor once it was cleared", () => {
    assert.equal(memory.reason(), undefined);
    memory.note("no answer");
    assert.equal(memory.reason(), "no answer");
    memory.clear();
    assert.equal(memory.reason(), undefined);
  });

  it("is not believed where it was cut off, or tells of the future", () => {
    memory.note("no answer", Date.parse("2026-11-30T00:00:00Z"));
    assert.equal(memory.reason(Date.parse("2026-11-29T00:00:00Z")), undefined);
    assert.equal(memory.reason(Date.parse("2026-11-30T23:59:00Z")), "no answer");
    writeFileSync(memory.file, '{ "at": ');
    assert.equal(memory.reason(), undefined);
  });
});
