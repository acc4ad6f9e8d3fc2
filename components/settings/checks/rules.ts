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

/** Entries of a list that an earlier entry says already. What makes two entries the same is their text. */
export function repeatedValues(
  list: readonly string[],
  path: PropertyPath,
  below: PropertyPath = [],
  allowed = "each once",
): Problem[] {
  return list.flatMap((value, index) => {
    const first = list.indexOf(value);
    if (first === index) return [];
    return [
      {
        path: [...path, index, ...below],
        given: `${inWords(value)}, as in ${formatPath([...path, first])}`,
        allowed,
        wayOut: "take one of the two out",
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
