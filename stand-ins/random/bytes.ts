import { randomBytes } from "node:crypto";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { PropertyMap } from "../plugin/property-values";
import type { ReadState, ResourceType } from "../plugin/resource-provider";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const ID_RULES: InputRules = {
  required: ["byteLength"],
  rules: { ...KEEPERS_RULE, byteLength: { type: "integer", atLeast: 1 }, prefix: { type: "string" } },
};
const BYTES_RULES: InputRules = {
  required: ["length"],
  rules: { ...KEEPERS_RULE, length: { type: "integer", atLeast: 1 } },
};
const ID_INPUTS = Object.keys(ID_RULES.rules);
const BYTES_INPUTS = Object.keys(BYTES_RULES.rules);

/** The four spellings of the bytes, each after the prefix. */
export function idOutputs(bytes: Buffer, prefix: string): PropertyMap {
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    hex: prefix + bytes.toString("hex"),
  };
}

/** Decodes base64 and refuses what `Buffer.from` would silently skip. */
function decoded(text: string, encoding: "base64" | "base64url"): Buffer {
  const bytes = Buffer.from(text, encoding);
  if (bytes.length === 0 || bytes.toString(encoding) !== text) {
    throw new Error(`cannot import ${JSON.stringify(text)}: it is not ${encoding}`);
  }
  return bytes;
}

/** `random.RandomId`: random bytes that are not secret; its id is their base64url without the prefix. */
export const randomIdType: ResourceType = {
  inputs: ID_INPUTS,
  computedOutputs: ["b64Std", "b64Url", "dec", "hex"],
  check: (inputs) => checkInputs(ID_RULES, inputs),
  diff: redrawOnAnyChange({ inputs: ID_INPUTS }),
  create(inputs) {
    const bytes = randomBytes(Number(inputs.byteLength));
    const properties = { ...inputs, ...idOutputs(bytes, String(inputs.prefix ?? "")) };
    return { id: bytes.toString("base64url"), properties };
  },
  /** Import by `BASE64URL` or `PREFIX,BASE64URL`. */
  import(given): ReadState {
    const comma = given.lastIndexOf(",");
    const id = given.slice(comma + 1);
    const bytes = decoded(id, "base64url");
    const prefix = given.slice(0, Math.max(comma, 0));
    const inputs: PropertyMap = prefix ? { byteLength: bytes.length, prefix } : { byteLength: bytes.length };
    return { id, inputs, properties: { ...inputs, ...idOutputs(bytes, prefix) } };
  },
};

/**
 * `random.RandomBytes`: secret random bytes. Its id is their base64, as in the real provider, and ids are never
 * secret: the bytes stand in clear in the state
 * (https://github.com/pulumi/pulumi-random/blob/v4.21.2/provider/resources.go). `RandomPassword` has no such leak.
 */
export const randomBytesType: ResourceType = {
  inputs: BYTES_INPUTS,
  computedOutputs: ["base64", "hex"],
  secretOutputs: ["base64", "hex"],
  check: (inputs) => checkInputs(BYTES_RULES, inputs),
  diff: redrawOnAnyChange({ inputs: BYTES_INPUTS }),
  create(inputs) {
    const bytes = randomBytes(Number(inputs.length));
    const base64 = bytes.toString("base64");
    return { id: base64, properties: { ...inputs, base64, hex: bytes.toString("hex") } };
  },
  import(base64): ReadState {
    const bytes = decoded(base64, "base64");
    const inputs = { length: bytes.length };
    return { id: base64, inputs, properties: { ...inputs, base64, hex: bytes.toString("hex") } };
  },
};
