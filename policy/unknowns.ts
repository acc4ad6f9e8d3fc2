/**
 * Values that a preview cannot know yet. The engine sends a fixed text in their place; the policy SDK hands policies a
 * view that throws when such a value is touched, and reports the policy as one that could not be decided.
 */
import * as sdk from "@pulumi/policy/proxy";

// The SDK marks these as internal and leaves them out of its typings (proxy.js, the version is pinned).
const internal = sdk as unknown as {
  unknownCheckingProxy<T>(value: T): T;
  UnknownValueError: new (sentinel: string, path: string[]) => Error;
  getSpecialProxyTarget: string;
  unknownStringValue: string;
  unknownNumberValue: string;
  unknownBooleanValue: string;
  unknownArrayValue: string;
  unknownObjectValue: string;
};

/** What stands for a text that is not known. */
export const UNKNOWN_TEXT = internal.unknownStringValue;

const SENTINELS = new Set([
  internal.unknownStringValue,
  internal.unknownNumberValue,
  internal.unknownBooleanValue,
  internal.unknownArrayValue,
  internal.unknownObjectValue,
]);

/** A view of a value that throws when an unknown part of it is read. */
export function guarded<T>(value: T): T {
  return internal.unknownCheckingProxy(value);
}

/** The value behind a guarded view, unknown parts as the engine sent them. */
export function plain<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  return (Reflect.get(value, internal.getSpecialProxyTarget) as T | undefined) ?? value;
}

/** Whether a value, taken out of a plain one, is unknown. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && SENTINELS.has(value);
}

/** Whether an error says that an unknown value was touched. */
export function isUndecided(error: unknown): error is Error {
  return error instanceof internal.UnknownValueError;
}

/** The items of a list, those that are known first, so that one unknown item hides no finding on another. */
export function* knownFirst<T>(list: readonly T[] | undefined): Generator<[T, number]> {
  const items = plain(list) ?? [];
  const later: number[] = [];
  for (const [index, item] of items.entries()) {
    if (isUnknown(item)) later.push(index);
    else yield [guarded(item), index];
  }
  for (const index of later) yield [list?.[index] as T, index];
}

/** The items of a list that are known, each with its place. Reading {@link knownFirst} to its end leaves the others undecided. */
export function knownOf<T>(list: readonly T[] | undefined): [T, number][] {
  return (plain(list) ?? []).flatMap((item, index): [T, number][] => (isUnknown(item) ? [] : [[guarded(item), index]]));
}

/** Reads every item of a list; the policy is undecided where one is not known. */
export function requireKnown(list: readonly unknown[] | undefined): void {
  for (const _ of knownFirst(list));
}

/** Every text inside a value with its path; unknown ones are left out, since the update judges them again. */
export function* knownTexts(value: unknown, path: readonly (string | number)[] = []): Generator<[string, string]> {
  const bare = plain(value);
  if (typeof bare === "string") {
    if (!isUnknown(bare)) yield [bare, formatPath(path)];
    return;
  }
  if (typeof bare !== "object" || bare === null) return;
  const entries = Array.isArray(bare) ? bare.map((item, index) => [index, item] as const) : Object.entries(bare);
  for (const [step, item] of entries) yield* knownTexts(item, [...path, step]);
}

/** A property path as it is written: `spec.containers[0].image`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w$]+$/.test(step)) return `${text}["${step}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
