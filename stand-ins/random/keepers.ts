import { isDeepStrictEqual } from "node:util";
import type { PropertyMap, PropertyValue } from "../plugin/property-values";
import { changedInputs, type Difference, type ResourceState, type ResourceType } from "../plugin/resource-provider";

/** The rule of the input `keepers`, which every random resource has. */
export const KEEPERS_RULE = { keepers: { type: "map" } } as const;

/**
 * Every change of an input draws anew. `keepers` are compared without their null entries, so that adding `{a: null}`
 * changes nothing, as in the real provider
 * (https://registry.terraform.io/providers/hashicorp/random/latest/docs#resource-keepers).
 */
export function redrawOnAnyChange(type: Pick<ResourceType, "inputs">) {
  return (state: ResourceState, inputs: PropertyMap): Difference => {
    const changed = changedInputs(type, state, inputs).filter(
      (name) => name !== "keepers" || !isDeepStrictEqual(entries(state.properties.keepers), entries(inputs.keepers)),
    );
    return { changed, replaces: changed };
  };
}

function entries(keepers: PropertyValue | undefined): PropertyMap {
  const given = Object.entries((keepers ?? {}) as PropertyMap).filter(([, value]) => value !== null);
  return Object.fromEntries(given);
}
