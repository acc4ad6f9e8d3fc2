import { randomInt } from "node:crypto";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { ResourceType } from "../plugin/resource-provider";
import { KEEPERS_RULE, redrawOnAnyChange } from "./keepers";

const RULES: InputRules = {
  required: [],
  rules: {
    ...KEEPERS_RULE,
    length: { type: "integer", atLeast: 1 },
    prefix: { type: "string" },
    separator: { type: "string" },
  },
};
const INPUTS = Object.keys(RULES.rules);

const words = (text: string): string[] => text.split(" ");

const ADVERBS = words(
  "boldly brightly calmly clearly daily early easily fairly freely gently gladly happily kindly lightly neatly nicely " +
    "openly plainly promptly quickly quietly readily safely simply slowly smoothly softly steadily surely warmly",
);
const ADJECTIVES = words(
  "able active agile amber awake brave bright brisk calm clear clever cool crisp eager easy fair fine fresh gentle glad " +
    "golden happy honest humble keen kind light lively loyal lucky mellow merry neat nimble noble patient plain polite " +
    "proud quick quiet ready robust safe sharp silent simple smart snowy solid steady sunny swift tidy warm wise witty",
);
const ANIMALS = words(
  "badger bear beaver bison bobcat buzzard camel cat coyote crane cricket crow deer dolphin donkey dove duck eagle " +
    "falcon ferret finch fox frog gecko goat goose hare hawk hedgehog heron horse ibex jackdaw jay kestrel kiwi koala " +
    "lark lemur lion llama lynx magpie marten mole moose newt ocelot otter owl panda pelican penguin pony puffin rabbit " +
    "raven robin salmon seal sparrow squirrel stork swan tapir tiger toad trout turtle walrus weasel wolf wombat wren yak",
);

function pick(from: readonly string[]): string {
  return from[randomInt(from.length)] as string;
}

/** A name of that many words: adverbs, one adjective, one animal. The lists are shorter than the real provider's. */
export function drawPetName(length: number, separator: string): string {
  const adverbs = Array.from({ length: Math.max(0, length - 2) }, () => pick(ADVERBS));
  const adjective = length > 1 ? [pick(ADJECTIVES)] : [];
  return [...adverbs, ...adjective, pick(ANIMALS)].join(separator);
}

/** `random.RandomPet`: a readable name; its id is the name, and it cannot be imported. */
export const randomPetType: ResourceType = {
  inputs: INPUTS,
  computedOutputs: [],
  withDefaults: () => ({ length: 2, separator: "-" }),
  check: (inputs) => checkInputs(RULES, inputs),
  diff: redrawOnAnyChange({ inputs: INPUTS }),
  create(inputs) {
    const separator = String(inputs.separator);
    const name = drawPetName(Number(inputs.length), separator);
    return { id: inputs.prefix ? `${inputs.prefix}${separator}${name}` : name, properties: { ...inputs } };
  },
};
