import assert from "node:assert/strict";
import bcrypt from "bcryptjs";
import * as fc from "fast-check";
import { type PropertyMap, secret, UNKNOWN } from "../../../../stand-ins/plugin/property-values";
import { drawCharacters, shuffled } from "../../../../stand-ins/random/password";
import { randomProvider } from "../../../../stand-ins/random/plugin";
import { ProviderClient } from "../../../support/plugins/provider-client";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const UUID = "random:index/randomUuid:RandomUuid";

describe("lab random plugin", () => {
  let provider: ProviderClient;
  before(async () => {
    provider = await ProviderClient.connect(randomProvider);
  });
  after(() => provider.close());

  describe("characters", () => {
    it("has the asked length, at least the asked number of each class, and nothing outside the allowed classes", () => {
      const small = fc.nat({ max: 5 });
      const choice = fc.record({
        ...{ upper: fc.boolean(), lower: fc.boolean(), numeric: fc.boolean(), special: fc.boolean() },
        ...{ minUpper: small, minLower: small, minNumeric: small, minSpecial: small, more: small },
      });
      fc.assert(
        fc.property(choice, ({ more, ...given }) => {
          fc.pre(given.upper || given.lower || given.numeric || given.special);
          const length = given.minUpper + given.minLower + given.minNumeric + given.minSpecial + more;
          const text = drawCharacters({ ...given, length, overrideSpecial: "_é" });
          const count = (pattern: RegExp): number => [...text].filter((character) => pattern.test(character)).length;
          assert.equal([...text].length, length);
          const classes = [
            [count(/[A-Z]/), given.minUpper, given.upper],
            [count(/[a-z]/), given.minLower, given.lower],
            [count(/[0-9]/), given.minNumeric, given.numeric],
            [count(/[_é]/), given.minSpecial, given.special],
          ] as const;
          for (const [found, minimum, allowed] of classes) {
            assert.ok(allowed ? found >= minimum : found === minimum);
          }
          assert.equal(
            classes.reduce((sum, [found]) => sum + found, 0),
            length,
          );
        }),
      );
    });

    it("puts the items of each class in any place", () => {
      const first = new Set(Array.from({ length: 200 }, () => shuffled(["a", "b", "c"]).join("")));
      assert.equal(first.size, 6);
    });
  });

  describe("RandomPassword", () => {
    it("keeps the result and its hash secret, and the hash fits the result", async () => {
      const { id, wire, properties } = await provider.create(PASSWORD, { length: 24 });
      const { result, bcryptHash } = properties as { result: string; bcryptHash: string };
      assert.equal(id, "none");
      assert.equal(result.length, 24);
      assert.deepEqual(wire.result, secret(result));
      assert.deepEqual(wire.bcryptHash, secret(bcryptHash));
      assert.match(bcryptHash, /^\$2a\$10\$/);
      assert.ok(await bcrypt.compare(result, bcryptHash));
    });

    it("records the defaults of the real provider", async () => {
      const { properties } = await provider.create(PASSWORD, { length: 8 });
      const { result, bcryptHash, ...rest } = properties;
      const minimums = { minLower: 0, minNumeric: 0, minSpecial: 0, minUpper: 0 };
      const classes = { lower: true, number: true, numeric: true, special: true, upper: true };
      assert.deepEqual(rest, { length: 8, ...minimums, ...classes });
    });

    it("leaves what it will draw unknown in a preview", async () => {
      const { properties } = await provider.create(PASSWORD, { length: 8 }, true);
      assert.equal(properties.result, UNKNOWN);
      assert.equal(properties.bcryptHash, UNKNOWN);
    });

    it("changes nothing when a default is written out or a keeper is null", async () => {
      const { properties } = await provider.create(PASSWORD, { length: 8 });
      assert.deepEqual(await provider.diff(PASSWORD, properties, { length: 8, special: true }), {
        changed: [],
        replaces: [],
      });
      assert.deepEqual(await provider.diff(PASSWORD, properties, { length: 8, keepers: { a: null } }), {
        changed: [],
        replaces: [],
      });
    });

    it("is replaced when an input or a keeper changes, or is not known yet", async () => {
      const { properties } = await provider.create(PASSWORD, { length: 8, keepers: { generation: "1" } });
      const replacing: PropertyMap[] = [
        { length: 9, keepers: { generation: "1" } },
        { length: 8, keepers: { generation: "2" } },
        { length: 8, keepers: { generation: UNKNOWN } },
        { length: 8 },
      ];
      const found = await Promise.all(replacing.map((news) => provider.diff(PASSWORD, properties, news)));
      assert.deepEqual(
        found.map(({ replaces }) => replaces),
        [["length"], ["keepers"], ["keepers"], ["keepers"]],
      );
    });

    it("reads back as it was, with its secrets marked", async () => {
      const { properties } = await provider.create(PASSWORD, { length: 8 });
      const read = await provider.read(PASSWORD, "none", properties);
      assert.deepEqual(read.properties, properties);
      assert.deepEqual(read.wire.result, secret(properties.result as string));
    });

    it("is imported by its value", async () => {
      const { id, properties, inputs } = await provider.read(PASSWORD, "correct horse");
      assert.equal(id, "none");
      assert.equal(properties.result, "correct horse");
      assert.ok(await bcrypt.compare("correct horse", properties.bcryptHash as string));
      assert.deepEqual(await provider.diff(PASSWORD, properties, { length: 13 }), { changed: [], replaces: [] });
      assert.equal(inputs.length, 13);
    });

    it("refuses what cannot be drawn, each with its reason", async () => {
      const bad = async (news: { [name: string]: boolean | number | string }) =>
        (await provider.check(PASSWORD, news)).failures.map(({ property, reason }) => `${property}: ${reason}`);
      assert.deepEqual(await bad({}), ["length: is required"]);
      assert.deepEqual(await bad({ length: 0 }), ["length: must be a whole number of at least 1, not 0"]);
      assert.deepEqual(await bad({ length: 1.5 }), ["length: must be a whole number of at least 1, not 1.5"]);
      assert.deepEqual(await bad({ length: 3, minUpper: 2, minLower: 2 }), [
        "length: must be at least 4, the sum of minUpper, minLower, minNumeric and minSpecial, not 3",
      ]);
      assert.deepEqual(await bad({ length: 3, upper: false, lower: false, numeric: false, special: false }), [
        "special: one of upper, lower, numeric and special must be true",
      ]);
      assert.deepEqual(await bad({ length: 3, number: true, numeric: false }), [
        "numeric: differs from number, its deprecated name: give only numeric",
      ]);
      assert.match((await bad({ length: 3, size: 3 })).join(), /^size: is not an input here/);
      assert.deepEqual(await bad({ length: UNKNOWN }), []);
    });
  });

  describe("RandomUuid", () => {
    it("has the version and variant of RFC 9562, is its own id and not secret", async () => {
      const { id, wire } = await provider.create(UUID, {});
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.equal(wire.result, id);
    });

    it("is imported by its value, and by nothing else", async () => {
      const { id } = await provider.create(UUID, {});
      assert.equal((await provider.read(UUID, id.toUpperCase())).properties.result, id);
      await assert.rejects(provider.read(UUID, "no-uuid"), /cannot import "no-uuid": it is not a UUID/);
    });
  });

  it("names an unknown type", async () => {
    await assert.rejects(
      provider.create("random:index/randomDice:RandomDice", {}),
      /no resource type "random:index\/randomDice/,
    );
  });
});
