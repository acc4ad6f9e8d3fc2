import assert from "node:assert/strict";
import bcrypt from "bcryptjs";
import * as fc from "fast-check";
import { type PropertyMap, secret, UNKNOWN } from "../../../../stand-ins/plugin/property-values";
import { idOutputs } from "../../../../stand-ins/random/bytes";
import { drawCharacters, shuffled } from "../../../../stand-ins/random/characters";
import { drawPermutations } from "../../../../stand-ins/random/choice";
import { randomProvider } from "../../../../stand-ins/random/plugin";
import { uuid7 } from "../../../../stand-ins/random/uuid";
import { ProviderClient } from "../../../support/plugins/provider-client";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const ID = "random:index/randomId:RandomId";
const BYTES = "random:index/randomBytes:RandomBytes";
const INTEGER = "random:index/randomInteger:RandomInteger";
const STRING = "random:index/randomString:RandomString";

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

  describe("RandomString", () => {
    it("is its own id and not secret", async () => {
      const { id, wire } = await provider.create(STRING, { length: 12, special: false });
      assert.match(id, /^[A-Za-z0-9]{12}$/);
      assert.equal(wire.result, id);
    });
  });

  describe("RandomId", () => {
    it("spells the same bytes in four ways", () => {
      const spelled = idOutputs(Buffer.from([0, 0xfb, 0xff, 1]), "site-");
      const expected = { b64Std: "site-APv/AQ==", b64Url: "site-APv_AQ", dec: "site-16514817", hex: "site-00fbff01" };
      assert.deepEqual(spelled, expected);
    });

    it("is imported by what it exports, with or without a prefix", async () => {
      const created = await provider.create(ID, { byteLength: 6, prefix: "a,b" });
      const imported = await provider.read(ID, `a,b,${created.id}`);
      assert.deepEqual(imported.properties, created.properties);
      assert.equal(imported.id, created.id);
      await assert.rejects(provider.read(ID, "not base64!"), /it is not base64url/);
    });
  });

  describe("RandomBytes", () => {
    it("are secret in both spellings", async () => {
      const { id, wire, properties } = await provider.create(BYTES, { length: 5 });
      assert.equal(Buffer.from(id, "base64").toString("hex"), properties.hex);
      assert.deepEqual(wire.hex, secret(properties.hex as string));
      assert.deepEqual(wire.base64, secret(id));
    });
  });

  describe("RandomInteger", () => {
    it("includes both ends of its range", async () => {
      const drawn = await Promise.all(Array.from({ length: 60 }, () => provider.create(INTEGER, { min: -1, max: 1 })));
      const results = new Set(drawn.map(({ properties }) => properties.result));
      assert.deepEqual(
        [...results].map(Number).sort((a, b) => a - b),
        [-1, 0, 1],
      );
    });

    it("refuses a range without numbers and a seed that it cannot honour", async () => {
      const reversed = await provider.check(INTEGER, { min: 2, max: 1 });
      assert.deepEqual(reversed.failures, [{ property: "max", reason: "must be at least min (2), not 1" }]);
      const seeded = await provider.check(INTEGER, { min: 1, max: 2, seed: "x" });
      assert.equal(seeded.failures[0]?.property, "seed");
    });

    it("is imported by result and range", async () => {
      const { id, properties } = await provider.read(INTEGER, "7,1,9");
      assert.equal(id, "7");
      assert.deepEqual(properties, { result: 7, min: 1, max: 9 });
    });
  });

  describe("RandomUuid", () => {
    it("has the version and variant of RFC 9562", async () => {
      const { id } = await provider.create("random:index/randomUuid:RandomUuid", {});
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.match(uuid7(0x0123456789ab), /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });
  });

  describe("RandomPet", () => {
    it("is as many words as asked behind the prefix, and cannot be imported", async () => {
      const pet = "random:index/randomPet:RandomPet";
      const { id } = await provider.create(pet, { length: 4, separator: "_", prefix: "site" });
      assert.match(id, /^site(_[a-z]+){4}$/);
      await assert.rejects(provider.read(pet, id), /cannot be imported/);
    });
  });

  describe("RandomShuffle", () => {
    it("repeats nothing more often than it must", () => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.string(), { maxLength: 8 }), fc.nat({ max: 30 }), (items, count) => {
          const drawn = drawPermutations(items, count);
          const counts = items.map((item) => drawn.filter((other) => other === item).length);
          assert.equal(drawn.length, items.length === 0 ? 0 : count);
          assert.ok(Math.max(0, ...counts) - Math.min(...counts, Number.MAX_SAFE_INTEGER) <= 1);
        }),
      );
    });
  });

  it("names an unknown type", async () => {
    await assert.rejects(
      provider.create("random:index/randomDice:RandomDice", {}),
      /no resource type "random:index\/randomDice/,
    );
  });
});
