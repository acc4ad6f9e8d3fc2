import assert from "node:assert/strict";
import { CompilationProgress } from "../../../../lab/toolchain/progress";

describe("progress of a compilation", () => {
  const packages = [
    { path: "large", bytes: 60e6 },
    { path: "small", bytes: 20e6 },
    { path: "cached", bytes: 40e6 },
  ];

  it("is told by the size of what is compiled, with the time left at that rate", () => {
    const progress = new CompilationProgress(packages, 0);
    progress.compile("large");
    assert.equal(progress.line(300_000), "compiled 60 of at most 120 MB of Go, 5 min left at most");
    progress.compile("small");
    assert.equal(progress.line(160_000), "compiled 80 of at most 120 MB of Go, 80 s left at most");
  });

  it("has no estimate before there is something to estimate from", () => {
    const progress = new CompilationProgress(packages, 0);
    assert.equal(progress.line(60_000), "compiled 0 of at most 120 MB of Go");
    progress.compile("small");
    assert.equal(progress.line(5_000), "compiled 20 of at most 120 MB of Go");
  });

  it("counts a package once, and none that does not belong to the module", () => {
    const progress = new CompilationProgress(packages, 0);
    for (const path of ["small", "small", "another"]) progress.compile(path);
    assert.equal(progress.line(0), "compiled 20 of at most 120 MB of Go");
  });
});
