import assert from "node:assert/strict";
import fc from "fast-check";
import { digestOf } from "../../../../ops/recovery/digest";

describe("an object's digest", () => {
  it("does not depend on the order of its fields, and does on every value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (value, field) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(digestOf(turned), digestOf(value));
        const { [field]: _, ...rest } = value;
        assert.notEqual(digestOf({ ...rest, [field]: "one" }), digestOf({ ...rest, [field]: "other" }));
      }),
    );
  });
});
