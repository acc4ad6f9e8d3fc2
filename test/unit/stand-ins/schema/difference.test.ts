import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type PropertyMap, UNKNOWN } from "../../../../stand-ins/plugin/property-values";
import { differences, replacing, shortLink } from "../../../../stand-ins/schema/difference";
import type { SdkSchema } from "../../../../stand-ins/schema/schema";
import { asRead, overlay, withComputed, withDefaultValues } from "../../../../stand-ins/schema/values";

const fields = {
  name: "string!",
  size: "number+",
  labels: "{string}",
  disk: "#Disk",
  disks: "#Disk[]",
  link: "string=",
};
const schema: SdkSchema = {
  ...{ package: "test", version: "1.0.0", resources: {}, functions: {} },
  types: { Disk: { image: "string", source: "string+", tags: "string[]" } },
};

const text = fc.string({ minLength: 1, maxLength: 5 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const given = <Shape>(shape: { [Name in keyof Shape]: fc.Arbitrary<Shape[Name]> }): fc.Arbitrary<PropertyMap> =>
  fc.record(shape).map((record) => JSON.parse(JSON.stringify(record)) as PropertyMap);
const disk = given({ image: maybe(text), source: maybe(text), tags: maybe(fc.array(text, { minLength: 1 })) });
const inputs = given({
  name: text,
  size: maybe(fc.integer()),
  labels: maybe(
    fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      text,
      { noNullPrototype: true },
    ),
  ),
  disk: maybe(disk),
  disks: maybe(fc.array(disk, { maxLength: 3 })),
});
const made = (asked: PropertyMap): PropertyMap => withComputed(schema, fields, asked, { seed: "seed" });

describe("differences of the stand-in clouds' resources", () => {
  it("are none between what was asked for and what was made of it", () => {
    fc.assert(
      fc.property(inputs, (asked) => {
        const compared = { given: asked, state: made(asked), before: asked };
        assert.deepEqual(differences(schema, fields, compared), []);
      }),
    );
  });

  it("are none after an update, whatever was there before", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, asked) => {
        const state = made(overlay(schema, fields, made(before), asked));
        assert.deepEqual(differences(schema, fields, { given: asked, state, before: asked }), []);
        assert.deepEqual(asRead(asked, state), asked);
      }),
    );
  });

  it("are the fields that changed, with what a block brings along", () => {
    const before: PropertyMap = { name: "a", size: 1, disk: { image: "x" } };
    const changes = (asked: PropertyMap) => differences(schema, fields, { given: asked, state: made(before), before });
    assert.deepEqual(changes({ name: "a", disk: { image: "x" } }), [], "what the cloud computes may be left out");
    const renamed = { name: "b", size: 1, disk: { image: "y" } };
    assert.deepEqual(changes(renamed), [{ path: "name" }, { path: "disk.image" }]);
    assert.deepEqual(changes({ name: "a" }), [{ path: "disk", block: ["disk.image"] }]);
    assert.deepEqual(changes({ ...before, disks: [{ image: "z" }] }), [{ path: "disks", block: ["disks.image"] }]);
    assert.deepEqual(changes({ ...before, name: UNKNOWN }), [{ path: "name" }]);
  });

  it("replace where the field itself, or one of a block that came or went, forces it", () => {
    const changes = [{ path: "name" }, { path: "disk.image" }, { path: "disks", block: ["disks.image"] }];
    assert.deepEqual(replacing(changes, ["name"]), [changes[0]]);
    assert.deepEqual(replacing(changes, ["disks.image", "disk"]), [changes[2]]);
  });

  it("do not lie in how a link is spelled", () => {
    const links = ["https://www.googleapis.com/compute/v1/projects/p/x", "//compute.googleapis.com/projects/p/x"];
    for (const link of links) assert.equal(shortLink(link), "projects/p/x");
  });
});

describe("values of the stand-in clouds' resources", () => {
  it("have defaults where a field is left out, in blocks that are given only", () => {
    const defaults = { size: 10, "disk.image": "ubuntu", "disks.image": "ubuntu" };
    assert.deepEqual(withDefaultValues({ disks: [{ image: "x" }, {}] }, defaults), {
      size: 10,
      disks: [{ image: "x" }, { image: "ubuntu" }],
    });
  });

  it("are unknown in a preview where the cloud computes them, inside blocks too", () => {
    const planned = withComputed(schema, fields, { name: "a", disk: {} }, "unknown");
    assert.deepEqual(planned, { name: "a", size: UNKNOWN, link: UNKNOWN, disk: { source: UNKNOWN } });
  });
});
