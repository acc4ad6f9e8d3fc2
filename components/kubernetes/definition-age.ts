/** Which of two definitions of a kind is the newer. Pure. */

/** What is read of a definition. */
export interface DatedDefinition {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly versions?: ReadonlyArray<{ readonly name: string }> };
}

/** Where publishers write the release that a definition is of. */
const RELEASES = [
  // https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.0/scripts/generate/main.jsonnet
  "operator.prometheus.io/version",
  // Flux writes its release as a label of every object of its manifest.
  "app.kubernetes.io/version",
];

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority */
const VERSION = /^v(?<major>\d+)(?:(?<level>alpha|beta)(?<minor>\d+))?$/;
const LEVELS = ["alpha", "beta", undefined];

/** Numbers that order versions of an API: stable ones before beta before alpha. */
function priority(name: string): number[] {
  const { major, level, minor } = VERSION.exec(name)?.groups ?? {};
  return major === undefined ? [-1] : [LEVELS.indexOf(level), Number(major), Number(minor ?? 0)];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function newestOf({ spec }: DatedDefinition): number[] {
  return (
    (spec.versions ?? [])
      .map(({ name }) => priority(name))
      .sort(compare)
      .at(-1) ?? []
  );
}

function releaseOf({ metadata: { labels = {}, annotations = {} } }: DatedDefinition, where: string) {
  const release = /^v?(\d+(?:\.\d+)*)/.exec(annotations[where] ?? labels[where] ?? "")?.[1];
  return release?.split(".").map(Number);
}

/** Whether one definition is of a newer release than another: it has a newer version of the API, or says so. */
export function isNewer(one: DatedDefinition, other: DatedDefinition): boolean {
  const versions = compare(newestOf(one), newestOf(other));
  if (versions !== 0) return versions > 0;
  return RELEASES.some((where) => {
    const [mine, theirs] = [releaseOf(one, where), releaseOf(other, where)];
    return mine !== undefined && theirs !== undefined && compare(mine, theirs) > 0;
  });
}
