/**
 * Every third-party artefact the platform delivers: its version, where that was read and when, and what goes with what.
 * Change a version here and nowhere else.
 */

/** Where a fact was read, and on which day. */
export interface Source {
  /** Page or file that states the version. */
  source: string;
  /** Month in which it was last read, `YYYY-MM`. */
  checked: string;
}

/** A container image as its publisher names it. */
export interface ImageRelease extends Source {
  /** Registry host and path, without a tag. The host is what a mirror replaces. */
  repository: string;
  /** Exact tag. */
  tag: string;
}

/** A product line with the days its support ends. */
export interface SupportLine extends Source {
  /** `major.minor`, or the major alone where the product counts that way. */
  line: string;
  /** Last day with fixes, `YYYY-MM-DD`; absent while the publisher has not named one. */
  endOfLife?: string;
}

/** A Rancher line and the Kubernetes minors it manages. */
export interface RancherLine extends SupportLine {
  /** Newest patch release looked at. */
  version: string;
  /** Kubernetes minors this line supports. */
  kubernetes: readonly string[];
  /** Major version of the `rancher-monitoring` chart that belongs to this line. */
  monitoringChartMajor: number;
}

const PARSE_RELEASES = { source: "https://github.com/parse-community/parse-server/releases", checked: "2026-11" };
const RANCHER_MATRIX = { source: "https://www.suse.com/suse-rancher/support-matrix/", checked: "2026-11" };
const KUBERNETES_RELEASES = { source: "https://kubernetes.io/releases/", checked: "2026-11" };

/** Images by the role they play. */
export const images = {
  parseServer: { repository: "docker.io/parseplatform/parse-server", tag: "9.10.0", ...PARSE_RELEASES },
  parseDashboard: {
    repository: "docker.io/parseplatform/parse-dashboard",
    tag: "9.2.0",
    source: "https://github.com/parse-community/parse-dashboard/releases",
    checked: "2026-11",
  },
  mongodb: {
    repository: "docker.io/library/mongo",
    tag: "8.0.26",
    source: "https://hub.docker.com/_/mongo",
    checked: "2026-11",
  },
  postgresql: {
    repository: "docker.io/library/postgres",
    tag: "17.11",
    source: "https://hub.docker.com/_/postgres",
    checked: "2026-11",
  },
  rancher: { repository: "docker.io/rancher/rancher", tag: "v2.14.4", ...RANCHER_MATRIX },
  rancherAgent: { repository: "docker.io/rancher/rancher-agent", tag: "v2.14.4", ...RANCHER_MATRIX },
  minio: {
    repository: "quay.io/minio/minio",
    tag: "RELEASE.2025-09-07T16-13-09Z",
    source: "https://quay.io/repository/minio/minio",
    checked: "2026-11",
  },
  velero: {
    repository: "docker.io/velero/velero",
    tag: "v1.18.3",
    source: "https://github.com/velero-io/velero/releases",
    checked: "2026-11",
  },
} as const satisfies Record<string, ImageRelease>;

/** Flux: installed from its release's `install.yaml`. */
export const flux = {
  version: "2.9.5",
  kubernetes: ["1.34", "1.35", "1.36"],
  source: "https://github.com/fluxcd/flux2/releases",
  checked: "2026-11",
} as const;

/** Kubernetes minors the platform is made for. */
export const kubernetesLines: readonly SupportLine[] = [
  { line: "1.33", endOfLife: "2026-06-28", ...KUBERNETES_RELEASES },
  { line: "1.34", endOfLife: "2026-10-27", ...KUBERNETES_RELEASES },
  { line: "1.35", endOfLife: "2027-02-28", ...KUBERNETES_RELEASES },
  { line: "1.36", endOfLife: "2027-06-28", ...KUBERNETES_RELEASES },
];

/** Kubernetes minor a new GKE cluster starts with. */
export const defaultKubernetesLine = "1.35";

/** Rancher lines, newest first. */
export const rancherLines: readonly RancherLine[] = [
  {
    line: "2.15",
    version: "2.15.0",
    kubernetes: ["1.34", "1.35", "1.36"],
    monitoringChartMajor: 110,
    ...RANCHER_MATRIX,
  },
  {
    line: "2.14",
    version: "2.14.4",
    kubernetes: ["1.33", "1.34", "1.35"],
    monitoringChartMajor: 109,
    endOfLife: "2027-10-10",
    ...RANCHER_MATRIX,
  },
  {
    line: "2.13",
    version: "2.13.8",
    kubernetes: ["1.32", "1.33", "1.34"],
    monitoringChartMajor: 108,
    endOfLife: "2027-06-17",
    ...RANCHER_MATRIX,
  },
  {
    line: "2.12",
    version: "2.12.12",
    kubernetes: ["1.31", "1.32", "1.33"],
    monitoringChartMajor: 107,
    endOfLife: "2027-02-28",
    ...RANCHER_MATRIX,
  },
];

/** PostgreSQL majors that Parse Server 9 runs on; 15 served every call that was tried but is not on Parse's own list. */
export const postgresqlMajors: readonly number[] = [15, 16, 17, 18];

/** MongoDB majors that Parse Server 9 runs on (7 from 7.0.16, past its end of life; 8 from 8.0.4). */
export const mongodbMajors: readonly number[] = [8];

/**
 * Full name of an image, taken from the site's mirror where there is one.
 * @param release what to run
 * @param sources the `sources` settings; `images` is the mirror's host, with an optional port and path
 * @param tag tag to use in place of the pinned one
 */
export function image(release: Pick<ImageRelease, "repository" | "tag">, sources: { images?: string }, tag?: string) {
  const [, ...path] = release.repository.split("/");
  const repository = sources.images ? [sources.images, ...path].join("/") : release.repository;
  return `${repository}:${tag ?? release.tag}`;
}
