import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** What the library itself makes of a value, taken before it is changed. */
const original = {
  encode: Struct.fromJavaScript,
  decode: Struct.deserializeBinaryFromReader,
};

const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })) as fc.Arbitrary<
  Parameters<typeof Struct.fromJavaScript>[0]
>;

describe("structs of the lab's programs", () => {
  const light = { ...original };
  before(async () => {
    await import("../../../../stand-ins/language-host/linear-structs.js");
    light.encode = Struct.fromJavaScript;
    light.decode = Struct.deserializeBinaryFromReader;
  });
  after(() => {
    Struct.fromJavaScript = original.encode;
    Struct.deserializeBinaryFromReader = original.decode;
  });

  it("are sent as the library sends them, byte for byte", () => {
    assert.notEqual(light.encode, original.encode);
    fc.assert(
      fc.property(objects, (object) => {
        const sent = Buffer.from(light.encode(object).serializeBinary());
        assert.deepEqual(sent, Buffer.from(original.encode(object).serializeBinary()));
      }),
    );
  });

  it("are read as the library reads them", () => {
    assert.notEqual(light.decode, original.decode);
    fc.assert(
      fc.property(objects, (object) => {
        const sent = original.encode(object).serializeBinary();
        Struct.deserializeBinaryFromReader = original.decode;
        const expected = Struct.deserializeBinary(sent).toJavaScript();
        Struct.deserializeBinaryFromReader = light.decode;
        assert.deepEqual(Struct.deserializeBinary(sent).toJavaScript(), expected);
      }),
    );
  });

  it("refuse what no property can be", () => {
    assert.throws(() => light.encode({ nothing: undefined } as never), /Unexpected struct type/);
  });
});
