import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isEverywhere, overlap } from "../../../../components/settings/checks/network";

describe("two ranges", () => {
  const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`);

  it("overlap the same way round either way, and themselves", () => {
    fc.assert(
      fc.property(v4, v4, (a, b) => {
        assert.equal(overlap(a, b), overlap(b, a));
        assert.ok(overlap(a, a));
        assert.equal(overlap(a, "0.0.0.0/0"), true);
      }),
    );
  });

  it("do not overlap when they are of different families or side by side", () => {
    assert.equal(overlap("0.0.0.0/0", "::/0"), false);
    assert.equal(overlap("10.0.0.0/9", "10.128.0.0/9"), false);
    assert.equal(overlap("2001:db8::/33", "2001:db8:8000::/33"), false);
    assert.equal(overlap("2001:db8::/32", "2001:db8:8000::/33"), true);
  });

  it("are everywhere only with a prefix of nothing", () => {
    assert.deepEqual(["0.0.0.0/0", "::/0", "10.0.0.0/8", "127.0.0.1"].map(isEverywhere), [true, true, false, false]);
  });
});
