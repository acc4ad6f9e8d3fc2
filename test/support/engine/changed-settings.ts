/** Settings with one of them changed, and what several changes come to together. Pure. */
import type { SettingEffect } from "./setting-effects";

type Settings = Readonly<Record<string, unknown>>;

/** `access.users[0].enabled` as the way to it. */
export function wayTo(setting: string): (string | number)[] {
  return setting.split(/[.[]/).map((step) => (step.endsWith("]") ? Number(step.slice(0, -1)) : step));
}

/** A copy of the settings with the value at its place, or without what is there. */
export function changed(settings: Settings, setting: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(settings) as Record<string, unknown>;
  const way = wayTo(setting);
  const last = way.pop() ?? setting;
  let place = copy as Record<string | number, unknown>;
  for (const step of way) {
    place[step] ??= {};
    place = place[step] as Record<string | number, unknown>;
  }
  if (value === undefined && Array.isArray(place)) place.splice(Number(last), 1);
  else if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

/** An effect in its parts: `update Instance instance: labels, metadata`. */
interface Effect {
  readonly operation: string;
  readonly resource: string;
  readonly properties: readonly string[];
}

function parsed(effect: string): Effect {
  const [, operation = "", resource = "", properties = ""] = /^(\S+) (.+?)(?:: ([\w, ]+))?$/.exec(effect) ?? [];
  return { operation, resource, properties: properties === "" ? [] : properties.split(", ") };
}

function all({ effects, follows = [] }: SettingEffect): Effect[] {
  return [...effects, ...follows].map(parsed);
}

/** Whether a preview of both at once could not tell whose effect is whose. */
function mingle(one: SettingEffect, other: SettingEffect): boolean {
  if (nested(placeOf(one), placeOf(other))) return true;
  return all(one).some((mine) =>
    all(other).some(
      (theirs) =>
        mine.resource === theirs.resource &&
        (mine.operation !== theirs.operation ||
          mine.operation !== "update" ||
          mine.properties.some((property) => theirs.properties.includes(property))),
    ),
  );
}

type Way = readonly (string | number)[];

/** Where a change has its effect on the settings: what is taken out of a list moves the rest of the list. */
function placeOf({ setting, value }: SettingEffect): Way {
  const way = wayTo(setting);
  return value === undefined && typeof way.at(-1) === "number" ? way.slice(0, -1) : way;
}

function nested(one: Way, other: Way): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  return shorter.every((step, index) => step === longer[index]);
}

/** The changes in as few groups as may be, so that each property of each resource changes by one of its group only. */
export function separable(rows: readonly SettingEffect[]): SettingEffect[][] {
  const groups: SettingEffect[][] = [];
  for (const row of rows) {
    const group = groups.find((candidate) => !candidate.some((other) => mingle(row, other)));
    if (group) group.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** What the changes of a group come to together, sorted. */
export function together(group: readonly SettingEffect[]): string[] {
  const effects = group.flatMap(all);
  const found = new Map<string, Set<string>>();
  for (const { operation, resource, properties } of effects) {
    const key = `${operation} ${resource}`;
    found.set(key, new Set([...(found.get(key) ?? []), ...properties]));
  }
  return [...found].map(([key, properties]) => effect(key, [...properties])).sort();
}

/** An effect as the table writes it. */
export function effect(change: string, properties: readonly string[]): string {
  return properties.length === 0 ? change : `${change}: ${[...properties].sort().join(", ")}`;
}
