/**
 * Registers the resources that the file RESOURCES names as components of their types: the engine hands a component's
 * inputs to policies like any other resource's, so that every policy can be asked without a single provider.
 * The first is the platform, and the others are in it, as in the real program: it is registered before them, and policies
 * know the stack's settings from it.
 */
import { readFileSync } from "node:fs";
import { ComponentResource } from "@pulumi/pulumi";
import type { ResourceFacts } from "../../../policy/definition";

class Given extends ComponentResource {}

const given = JSON.parse(readFileSync(process.env.RESOURCES ?? "", "utf8")) as ResourceFacts[];
const parents = new Map<string, Given>();
let platform: Given | undefined;

for (const { type, name, props, protect, parent } of given) {
  const parentType = parent.split("::").at(-2)?.split("$").at(-1);
  const holder = parentType && (parents.get(parentType) ?? new Given(parentType, "holder", {}, { parent: platform }));
  if (parentType && holder) parents.set(parentType, holder);
  const made = new Given(type, name, props, { protect, parent: holder || platform });
  platform ??= made;
}
