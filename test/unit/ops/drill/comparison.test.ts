import assert from "node:assert/strict";
import fc from "fast-check";
import { describeDifferences, differencesOf } from "../../../../ops/drill/comparison";

const objects = fc
  .dictionary(fc.string(), fc.string(), { minKeys: 1 })
  .map((record) => new Map(Object.entries(record)));
const none = new Map<string, string>();

describe("what was restored", () => {
  it("differs in nothing from what is equal", () => {
    fc.assert(
      fc.property(objects, objects, (some, secrets) => {
        const side = { objects: some, secrets };
        assert.deepEqual(differencesOf(side, { objects: new Map(some), secrets: new Map(secrets) }), []);
      }),
    );
  });

  for (const what of ["object", "secret"] as const) {
    it(`is missing one ${what}, has one changed or one more, and each is named`, () => {
      fc.assert(
        fc.property(objects, (before) => {
          const side = (things: Map<string, string>) =>
            what === "object" ? { objects: things, secrets: none } : { objects: none, secrets: things };
          const [name = ""] = before.keys();
          const without = new Map([...before].filter(([key]) => key !== name));
          const changed = new Map([...before, [name, `${before.get(name)}!`] as const]);
          assert.deepEqual(differencesOf(side(before), side(without)), [{ what, name, problem: "missing" }]);
          assert.deepEqual(differencesOf(side(before), side(changed)), [{ what, name, problem: "changed" }]);
          assert.deepEqual(differencesOf(side(without), side(before)), [{ what, name, problem: "additional" }]);
        }),
      );
    });
  }

  it("is described by how many of each sort, with names", () => {
    const missing = ["a", "b", "c", "d"].map((name) => ({ what: "object", name, problem: "missing" }) as const);
    const text = describeDifferences([...missing, { what: "login", name: "eve", problem: "refused" }]);
    assert.equal(text, "4 × object missing (a, b, c); 1 × login refused (eve)");
  });
});
