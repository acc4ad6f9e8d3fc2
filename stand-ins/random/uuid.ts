import { randomUUID } from "node:crypto";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { ReadState, ResourceType } from "../plugin/resource-provider";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const RULES: InputRules = { required: [], rules: KEEPERS_RULE };
const INPUTS = Object.keys(RULES.rules);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `random.RandomUuid`: a version 4 UUID; its id is the UUID. */
export const randomUuidType: ResourceType = {
  inputs: INPUTS,
  computedOutputs: ["result"],
  check: (inputs) => checkInputs(RULES, inputs),
  diff: redrawOnAnyChange({ inputs: INPUTS }),
  create(inputs) {
    const result = randomUUID();
    return { id: result, properties: { ...inputs, result } };
  },
  import(given): ReadState {
    if (!UUID.test(given)) throw new Error(`cannot import ${JSON.stringify(given)}: it is not a UUID`);
    const result = given.toLowerCase();
    return { id: result, inputs: {}, properties: { result } };
  },
};
