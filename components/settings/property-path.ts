import { NAMESPACE } from "./schema";

/** Way from the namespace down to a setting: section first. */
export type PropertyPath = readonly (string | number)[];

/** A path as `pulumi config set --path` takes it: `onprem:parse.database.storageSize`, `onprem:access.users[0].name`. */
export function formatPath(path: PropertyPath): string {
  const [section, ...rest] = path;
  const steps = rest.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return `${NAMESPACE}:${String(section ?? "")}${steps.join("")}`;
}

/** What stands at a path, `undefined` where the way ends early. */
export function valueAt(root: unknown, path: PropertyPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/**
 * A copy of `root` without what stands at the given paths. Of a list nothing is taken out alone, as that would move
 * the entries after it: the whole list goes.
 */
export function without(root: unknown, paths: readonly PropertyPath[]): unknown {
  const copy = structuredClone(root);
  for (const path of paths) {
    const end =
      typeof path.at(-1) === "number" ? path.findIndex((_, at) => typeof path[at + 1] === "number") + 1 : path.length;
    const parent = valueAt(copy, path.slice(0, end - 1));
    const last = path[end - 1];
    if (last !== undefined && typeof parent === "object" && parent !== null)
      delete (parent as Record<string | number, unknown>)[last];
  }
  return copy;
}

/** True if one path is the other or leads to it. */
export function touches(a: PropertyPath, b: PropertyPath): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((step, index) => step === b[index]);
}
