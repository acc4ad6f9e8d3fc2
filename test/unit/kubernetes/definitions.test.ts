import assert from "node:assert/strict";
import fc from "fast-check";
import { withoutDescriptions } from "../../../components/kubernetes/definitions";

type Schema = Record<string, unknown>;

/** Schemas, and beside each the same with descriptions at every level. */
const schemas = fc.letrec<{ pair: [Schema, Schema] }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 4 },
    fc
      .record(
        { type: fc.constantFrom("string", "integer"), default: fc.constant({ description: "kept" }) },
        { noNullPrototype: true },
      )
      .map((schema) => [schema, { ...schema, description: "any string" }] as [Schema, Schema]),
    fc
      .tuple(
        fc.constantFrom("items", "additionalProperties", "properties", "allOf"),
        fc.constantFrom("name", "description"),
        tie("pair"),
      )
      .map(([keyword, property, [bare, described]]) => {
        const wrap = (schema: Schema) =>
          keyword === "properties" ? { [property]: schema } : keyword === "allOf" ? [schema] : schema;
        return [{ [keyword]: wrap(bare) }, { [keyword]: wrap(described), description: { wherever: "it stands" } }] as [
          Schema,
          Schema,
        ];
      }),
  ),
})).pair;

describe("a definition's schema without descriptions", () => {
  it("is the schema but for them: properties of that name and what a default says stay", () => {
    fc.assert(fc.property(schemas, ([bare, described]) => assert.deepEqual(withoutDescriptions(described), bare)));
  });

  it("says no more than before where there are none", () => {
    const schema = { type: "object", additionalProperties: true, "x-kubernetes-preserve-unknown-fields": true };
    assert.deepEqual(withoutDescriptions(schema), schema);
  });
});
