import { inWords, type Problem } from "../problems";
import { formatPath, type PropertyPath } from "../property-path";

/** Entries of a list whose name an earlier entry has already. */
export function repeatedNames(list: readonly { name: string }[], path: PropertyPath): Problem[] {
  return list.flatMap(({ name }, index) => {
    const first = list.findIndex((entry) => entry.name === name);
    if (first === index) return [];
    return [
      {
        path: [...path, index, "name"],
        given: `${inWords(name)}, which ${formatPath([...path, first])} has already`,
        allowed: "each name once",
        wayOut: "rename one of the two",
      },
    ];
  });
}

/** A problem with a reference to an entry of a list that does not exist; none where it does. */
export function unknownName(path: PropertyPath, name: string, known: readonly string[], list: PropertyPath): Problem[] {
  if (known.includes(name)) return [];
  return [
    {
      path,
      given: inWords(name),
      allowed: known.length > 0 ? known.join(", ") : `a name from ${formatPath(list)}, which has none`,
      wayOut: `add it to ${formatPath(list)} or name one that is there`,
      involves: [list],
    },
  ];
}

/** A problem where not exactly one of two settings is given. */
export function exactlyOne(
  parent: PropertyPath,
  object: object,
  [first, second]: readonly [string, string],
): Problem[] {
  const given = [first, second].filter((key) => (object as Record<string, unknown>)[key] !== undefined);
  if (given.length === 1) return [];
  return [
    {
      path: [...parent, first],
      given: given.length === 0 ? `neither ${first} nor ${second}` : `both ${first} and ${second}`,
      allowed: "exactly one of the two",
      wayOut: given.length === 0 ? "set one of them" : "take one of them out",
      involves: [[...parent, second]],
    },
  ];
}

const UNITS: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity as a number: bytes of a size, cores of a CPU share. */
export function quantity(given: string): number {
  const [, digits = "0", unit = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(given) ?? [];
  return Number(digits) * (UNITS[unit] ?? 1);
}
