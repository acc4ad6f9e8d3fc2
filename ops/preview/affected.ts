/** Files that every stack is made from. */
const PROGRAM = [/^index\.ts$/, /^Pulumi\.yaml$/, /^package(-lock)?\.json$/, /^(components|charts|policy)\//];

/** Folders in which a stack keeps files of its own: `customers/acme.kubeconfig`, `customers/acme/…`. */
const OWN = /^customers\/([^/.]+)[/.]/;

/** Names of the stacks whose settings stand beside the program. */
export function stacksIn(files: readonly string[]): string[] {
  return files.flatMap((file) => /^Pulumi\.([^/]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/**
 * The stacks that a change affects: those whose own files it touches, all of them where it touches what they are made
 * from, none where it touches neither.
 * @param changed paths that differ, relative to the project
 * @param stacks every stack
 */
export function affectedStacks(changed: readonly string[], stacks: readonly string[]): string[] {
  if (changed.some((file) => PROGRAM.some((pattern) => pattern.test(file)))) return [...stacks];
  const touched = new Set([...stacksIn(changed), ...changed.flatMap((file) => OWN.exec(file)?.[1] ?? [])]);
  return stacks.filter((stack) => touched.has(stack));
}
