import assert from "node:assert/strict";
import { lossesOf } from "../../../../ops/drill/losses";

describe("what a drill is to lose", () => {
  it("is nothing, without more words", () => assert.deepEqual(lossesOf("nothing", false, "acme"), ["nothing"]));

  it("is lost in an order in which each loss has something to lose", () => {
    assert.deepEqual(lossesOf("namespace, volume,nothing", true, "acme"), ["nothing", "volume", "namespace"]);
  });

  it("is refused, saying what would go, until it is said in so many words", () => {
    assert.throws(
      () => lossesOf("nothing,objects", false, "acme"),
      /deletes of acme: every object of every class\. .*--really-destroy/,
    );
  });

  for (const text of ["cluster", "", "volume,volume"])
    it(`is refused when it is "${text}", with what there is`, () => {
      assert.throws(() => lossesOf(text, true, "acme"), /there are nothing, objects, volume, namespace/);
    });
});
