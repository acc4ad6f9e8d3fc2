import { randomInt } from "node:crypto";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { PropertyMap, PropertyValue } from "../plugin/property-values";
import type { CheckFailure, ReadState, ResourceType } from "../plugin/resource-provider";
import { shuffled } from "./characters";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const INTEGER_RULES: InputRules = {
  required: ["min", "max"],
  rules: { ...KEEPERS_RULE, max: { type: "integer" }, min: { type: "integer" }, seed: { type: "string" } },
};
const SHUFFLE_RULES: InputRules = {
  required: ["inputs"],
  rules: {
    ...KEEPERS_RULE,
    inputs: { type: "strings" },
    resultCount: { type: "integer", atLeast: 0 },
    seed: { type: "string" },
  },
};
const INTEGER_INPUTS = Object.keys(INTEGER_RULES.rules);
const SHUFFLE_INPUTS = Object.keys(SHUFFLE_RULES.rules);

/** `randomInt` of Node draws from fewer than 2^48 values. */
const LARGEST_RANGE = 2 ** 48;

/** A seed stands for one sequence of Go's generator, which this provider does not have: refused rather than wrong. */
function refuseSeed(inputs: PropertyMap): CheckFailure[] {
  if (!inputs.seed) return [];
  return [
    { property: "seed", reason: "is not served by the lab's random plugin: leave it out or use the official plugin" },
  ];
}

function checkInteger(inputs: PropertyMap): CheckFailure[] {
  const failures = [...checkInputs(INTEGER_RULES, inputs), ...refuseSeed(inputs)];
  const { min, max } = inputs;
  if (failures.length > 0 || typeof min !== "number" || typeof max !== "number") return failures;
  if (max < min) return [{ property: "max", reason: `must be at least min (${min}), not ${max}` }];
  if (max - min + 1 >= LARGEST_RANGE)
    return [{ property: "max", reason: "must be less than min + 2^48 - 1 in the lab" }];
  return [];
}

/** `random.RandomInteger`: a whole number between `min` and `max`, both included; its id is the number. */
export const randomIntegerType: ResourceType = {
  inputs: INTEGER_INPUTS,
  computedOutputs: ["result"],
  check: checkInteger,
  diff: redrawOnAnyChange({ inputs: INTEGER_INPUTS }),
  create(inputs) {
    const result = randomInt(Number(inputs.min), Number(inputs.max) + 1);
    return { id: String(result), properties: { ...inputs, result } };
  },
  /** Import by `RESULT,MIN,MAX` or `RESULT,MIN,MAX,SEED`. */
  import(given): ReadState {
    const [result, min, max, ...seeds] = given.split(",");
    const numbers = [result, min, max].map((part) => (/^-?\d+$/.test(part ?? "") ? Number(part) : Number.NaN));
    if (numbers.some(Number.isNaN) || seeds.length > 1) {
      throw new Error(`cannot import ${JSON.stringify(given)}: give RESULT,MIN,MAX or RESULT,MIN,MAX,SEED`);
    }
    const inputs: PropertyMap = { min: numbers[1] as number, max: numbers[2] as number };
    if (seeds[0] !== undefined) inputs.seed = seeds[0];
    return { id: String(result), inputs, properties: { ...inputs, result: numbers[0] as number } };
  },
};

/** Whole permutations one after another until there are enough: nothing repeats more often than it must. */
export function drawPermutations(items: readonly PropertyValue[], count: number): PropertyValue[] {
  const result: PropertyValue[] = [];
  while (items.length > 0 && result.length < count) result.push(...shuffled(items));
  return result.slice(0, count);
}

/** `random.RandomShuffle`: the given texts in random order. */
export const randomShuffleType: ResourceType = {
  inputs: SHUFFLE_INPUTS,
  computedOutputs: ["results"],
  check: (inputs) => [...checkInputs(SHUFFLE_RULES, inputs), ...refuseSeed(inputs)],
  diff: redrawOnAnyChange({ inputs: SHUFFLE_INPUTS }),
  create(inputs) {
    const items = inputs.inputs as PropertyValue[];
    const results = drawPermutations(items, Number(inputs.resultCount ?? items.length));
    return { id: "-", properties: { ...inputs, results } };
  },
};
