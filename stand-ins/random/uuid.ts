import { randomBytes, randomUUID } from "node:crypto";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { ReadState, ResourceType } from "../plugin/resource-provider";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const RULES: InputRules = { required: [], rules: KEEPERS_RULE };
const INPUTS = Object.keys(RULES.rules);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A version 7 UUID: milliseconds since 1970 in the first 48 bits, the rest random (RFC 9562, section 5.7). */
export function uuid7(milliseconds: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function uuidType(generate: () => string): ResourceType {
  return {
    inputs: INPUTS,
    computedOutputs: ["result"],
    check: (inputs) => checkInputs(RULES, inputs),
    diff: redrawOnAnyChange({ inputs: INPUTS }),
    create(inputs) {
      const result = generate();
      return { id: result, properties: { ...inputs, result } };
    },
    import(given): ReadState {
      if (!UUID.test(given)) throw new Error(`cannot import ${JSON.stringify(given)}: it is not a UUID`);
      const result = given.toLowerCase();
      return { id: result, inputs: {}, properties: { result } };
    },
  };
}

/** `random.RandomUuid` and `random.RandomUuid4`. */
export const randomUuidType = uuidType(() => randomUUID());

/** `random.RandomUuid7`. */
export const randomUuid7Type = uuidType(() => uuid7(Date.now()));
