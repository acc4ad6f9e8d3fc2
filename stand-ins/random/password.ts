import { randomInt } from "node:crypto";
import bcrypt from "bcryptjs";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import { containsUnknown, type PropertyMap } from "../plugin/property-values";
import type { CheckFailure, ReadState, ResourceType } from "../plugin/resource-provider";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Rounds of bcrypt as a power of two; what Go's `bcrypt.DefaultCost` is. */
const BCRYPT_COST = 10;

const RULES: InputRules = {
  required: ["length"],
  rules: {
    ...KEEPERS_RULE,
    length: { type: "integer", atLeast: 1 },
    lower: { type: "boolean" },
    minLower: { type: "integer", atLeast: 0 },
    minNumeric: { type: "integer", atLeast: 0 },
    minSpecial: { type: "integer", atLeast: 0 },
    minUpper: { type: "integer", atLeast: 0 },
    number: { type: "boolean" },
    numeric: { type: "boolean" },
    overrideSpecial: { type: "string" },
    special: { type: "boolean" },
    upper: { type: "boolean" },
  },
};
const INPUTS = Object.keys(RULES.rules);

/** What a random text is drawn from. */
export interface CharacterChoice {
  /** Characters in the text. */
  length: number;
  lower: boolean;
  minLower: number;
  minNumeric: number;
  minSpecial: number;
  minUpper: number;
  numeric: boolean;
  /** Replaces the default special characters; empty for the default. */
  overrideSpecial?: string;
  special: boolean;
  upper: boolean;
}

const DEFAULTS = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  special: true,
  upper: true,
};

/**
 * Draws a text with the required minimum of each class, the rest from all allowed classes, in random order.
 * A minimum counts even for a class that is switched off, as in the real provider.
 */
export function drawCharacters(choice: CharacterChoice): string {
  const special = choice.overrideSpecial || SPECIAL;
  const allowed = [
    choice.upper ? UPPER : "",
    choice.lower ? LOWER : "",
    choice.numeric ? NUMERIC : "",
    choice.special ? special : "",
  ].join("");
  const drawn = [
    ...draw(NUMERIC, choice.minNumeric),
    ...draw(LOWER, choice.minLower),
    ...draw(UPPER, choice.minUpper),
    ...draw(special, choice.minSpecial),
  ];
  return shuffled([...drawn, ...draw(allowed, choice.length - drawn.length)]).join("");
}

function draw(characters: string, count: number): string[] {
  const set = [...characters];
  return Array.from({ length: count }, () => set[randomInt(set.length)] as string);
}

/** The items in an order in which every permutation is equally likely (Fisher-Yates). */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as Item, result[last] as Item];
  }
  return result;
}

function withDefaults(inputs: PropertyMap): PropertyMap {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return { ...DEFAULTS, number: numeric, numeric };
}

function check(inputs: PropertyMap): CheckFailure[] {
  const failures = checkInputs(RULES, inputs);
  if (failures.length > 0 || containsUnknown(inputs)) return failures;
  if (inputs.number !== inputs.numeric) {
    failures.push({ property: "numeric", reason: "differs from number, its deprecated name: give only numeric" });
  }
  if (!inputs.upper && !inputs.lower && !inputs.numeric && !inputs.special) {
    failures.push({ property: "special", reason: "one of upper, lower, numeric and special must be true" });
  }
  const minimum = ["minUpper", "minLower", "minNumeric", "minSpecial"].reduce(
    (sum, name) => sum + Number(inputs[name]),
    0,
  );
  if (Number(inputs.length) < minimum) {
    failures.push({
      property: "length",
      reason: `must be at least ${minimum}, the sum of minUpper, minLower, minNumeric and minSpecial, not ${inputs.length}`,
    });
  }
  return failures;
}

/** The hash of the first 72 bytes (bcrypt reads no more), marked `2a` as the real provider's Go library does. */
async function bcryptHash(text: string): Promise<string> {
  const salt = await bcrypt.genSalt(BCRYPT_COST);
  return bcrypt.hash(text, salt.replace(/^\$2b/, "$2a"));
}

/** `random.RandomPassword`: a secret text with its bcrypt hash; imported by the password itself. */
export const randomPasswordType: ResourceType = {
  inputs: INPUTS,
  computedOutputs: ["result", "bcryptHash"],
  secretOutputs: ["result", "bcryptHash"],
  withDefaults,
  check,
  diff: redrawOnAnyChange({ inputs: INPUTS }),
  async create(inputs) {
    const result = drawCharacters(inputs as unknown as CharacterChoice);
    return { id: "none", properties: { ...inputs, result, bcryptHash: await bcryptHash(result) } };
  },
  async import(password): Promise<ReadState> {
    const inputs = { ...DEFAULTS, number: true, numeric: true, length: Buffer.byteLength(password) };
    const properties = { ...inputs, result: password, bcryptHash: await bcryptHash(password) };
    return { id: "none", inputs, properties };
  },
};
