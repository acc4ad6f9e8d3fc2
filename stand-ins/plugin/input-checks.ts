import { containsUnknown, type PropertyMap, type PropertyValue } from "./property-values";
import type { CheckFailure } from "./resource-provider";

/** What an input must be. */
export type InputRule =
  | { type: "integer"; atLeast?: number }
  | { type: "boolean" }
  | { type: "string"; oneOf?: readonly string[]; pattern?: RegExp; describedAs?: string }
  | { type: "strings"; oneOf?: readonly string[] }
  | { type: "map" }
  | { type: "object" };

/** The inputs of a resource type by name. */
export interface InputRules {
  /** Inputs that must be given. */
  required: readonly string[];
  /** What each input must be when it is given. */
  rules: { readonly [name: string]: InputRule };
}

/** Checks every given input and that the required ones are there. Values that are not known yet pass. */
export function checkInputs({ required, rules }: InputRules, inputs: PropertyMap): CheckFailure[] {
  const missing = required
    .filter((name) => inputs[name] === undefined)
    .map((property) => ({ property, reason: "is required" }));
  const wrong = Object.entries(rules).flatMap(([property, rule]) => {
    const value = inputs[property];
    if (value === undefined || containsUnknown(value)) return [];
    const allowed = violated(rule, value);
    return allowed ? [{ property, reason: `must be ${allowed}, not ${shown(value)}` }] : [];
  });
  return [...missing, ...wrong];
}

/** The value for a message: the type only where it could be long or secret. */
function shown(value: PropertyValue): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string")
    return value.length <= 40 ? JSON.stringify(value) : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return JSON.stringify(value);
  return "an object";
}

/** What is allowed, if the value breaks the rule. */
function violated(rule: InputRule, value: PropertyValue): string | undefined {
  switch (rule.type) {
    case "integer": {
      const ok = typeof value === "number" && Number.isSafeInteger(value) && value >= (rule.atLeast ?? -Infinity);
      return ok ? undefined : `a whole number${rule.atLeast === undefined ? "" : ` of at least ${rule.atLeast}`}`;
    }
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "string": {
      const ok =
        typeof value === "string" && (rule.oneOf?.includes(value) ?? true) && (rule.pattern?.test(value) ?? true);
      return ok ? undefined : rule.oneOf ? `one of ${rule.oneOf.join(", ")}` : (rule.describedAs ?? "a text");
    }
    case "strings": {
      const ok =
        Array.isArray(value) && value.every((item) => typeof item === "string" && (rule.oneOf?.includes(item) ?? true));
      return ok ? undefined : `a list of ${rule.oneOf ? `${rule.oneOf.join(", ")}` : "texts"}`;
    }
    case "map":
      return isMapOfStrings(value) ? undefined : "a map of texts";
    case "object":
      return value !== null && typeof value === "object" && !Array.isArray(value) ? undefined : "an object";
  }
}

function isMapOfStrings(value: PropertyValue): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.values(value).every((item) => item === null || typeof item === "string");
}
