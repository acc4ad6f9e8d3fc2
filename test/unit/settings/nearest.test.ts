import assert from "node:assert/strict";
import * as fc from "fast-check";
import { editDistance, nearest } from "../../../components/settings/nearest";

describe("the edit distance", () => {
  it("is nothing between equal words, and the same both ways", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(editDistance(a, a), 0);
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });

  it("counts swapped neighbours once", () => {
    assert.equal(editDistance("replicsa", "replicas"), 1);
  });
});

describe("the nearest known key", () => {
  it("is found despite a slip and another case", () => {
    assert.equal(nearest("StoragSize", ["storageSize", "storageClass"]), "storageSize");
  });

  it("is none where no word is alike", () => {
    assert.equal(nearest("zzzzzz", ["storageSize", "kind"]), undefined);
  });
});
