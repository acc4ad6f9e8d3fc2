/** What was read of one side: name → digest, of each kind of thing. */
export interface Snapshot {
  readonly objects: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
}

/** One thing that is not as it was. */
export interface Difference {
  readonly what: "object" | "secret" | "login";
  readonly name: string;
  readonly problem: "missing" | "changed" | "additional" | "refused";
}

/** Everything in which a restored side differs from what was backed up. Pure. */
export function differencesOf(before: Snapshot, after: Snapshot): Difference[] {
  return [...differ("object", before.objects, after.objects), ...differ("secret", before.secrets, after.secrets)];
}

function differ(
  what: Difference["what"],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Difference[] {
  const gone = [...before].flatMap(([name, digest]): Difference[] => {
    if (!after.has(name)) return [{ what, name, problem: "missing" }];
    return after.get(name) === digest ? [] : [{ what, name, problem: "changed" }];
  });
  const added = [...after.keys()].filter((name) => !before.has(name));
  return [...gone, ...added.map((name): Difference => ({ what, name, problem: "additional" }))];
}

/** Differences in a sentence: how many of each sort, and the first by name. */
export function describeDifferences(differences: readonly Difference[]): string {
  const groups = new Map<string, string[]>();
  for (const { what, name, problem } of differences) {
    const key = `${what} ${problem}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([key, names]) => `${names.length} × ${key} (${names.slice(0, 3).join(", ")})`).join("; ");
}
