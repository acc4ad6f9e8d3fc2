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

/** A product line that the platform is made for; until when it gets fixes is in ends-of-life.ts. */
export interface ReleaseLine extends Source {
  /** `major.minor`. */
  line: string;
}

/** A Rancher line and the Kubernetes minors it manages. */
export interface RancherLine extends ReleaseLine {
  /** Newest patch release looked at. */
  version: string;
  /** Kubernetes minors this line supports. */
  kubernetes: readonly string[];
  /** Major version of the `rancher-monitoring` chart that belongs to this line. */
  monitoringChartMajor: number;
  /** Newest version of that chart looked at; absent: the newest that this Rancher's own catalogue has. */
  monitoringChart?: string;
}

const PARSE_RELEASES = { source: "https://github.com/parse-community/parse-server/releases", checked: "2026-11" };
const RANCHER_MATRIX = { source: "https://www.suse.com/suse-rancher/support-matrix/", checked: "2026-11" };
const KUBERNETES_RELEASES = { source: "https://kubernetes.io/releases/", checked: "2026-11" };

/** Velero: of its image and of its definitions. */
const VELERO = "1.18.3";

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
  // Docker Hub has no image of MinIO any more; Quay still had this one in September 2026.
  minio: {
    repository: "quay.io/minio/minio",
    tag: "RELEASE.2025-09-07T16-13-09Z@sha256:14cea493d9a34af32f524e538b8346cf79f3321eff8e708c1e2960462bd8936e",
    source: "https://quay.io/repository/minio/minio",
    checked: "2026-11",
  },
  seaweedfs: {
    repository: "docker.io/chrislusf/seaweedfs",
    tag: "3.97",
    source: "https://github.com/seaweedfs/seaweedfs/releases",
    checked: "2026-11",
  },
  versitygw: {
    repository: "docker.io/versity/versitygw",
    tag: "v1.8.0",
    source: "https://github.com/versity/versitygw/releases",
    checked: "2026-11",
  },
  velero: {
    repository: "docker.io/velero/velero",
    tag: `v${VELERO}`,
    source: "https://github.com/velero-io/velero/releases",
    checked: "2026-11",
  },
  veleroPluginForAws: {
    repository: "docker.io/velero/velero-plugin-for-aws",
    tag: "v1.14.3",
    source: "https://github.com/velero-io/velero-plugin-for-aws/releases",
    checked: "2026-11",
  },
  veleroPluginForGcp: {
    repository: "docker.io/velero/velero-plugin-for-gcp",
    tag: "v1.14.0",
    source: "https://github.com/velero-io/velero-plugin-for-gcp/releases",
    checked: "2026-11",
  },
  blackboxExporter: {
    repository: "quay.io/prometheus/blackbox-exporter",
    tag: "v0.27.0",
    source: "https://github.com/prometheus/blackbox_exporter/releases",
    checked: "2026-11",
  },
} as const satisfies Record<string, ImageRelease>;

/** A file of a release, as its publisher keeps it. */
export interface ReleaseFile {
  /** Address at the publisher's. A mirror keeps the file under the address's path. */
  url: string;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
}

/** Flux: installed from its release's `install.yaml`, which pins the controllers' images. */
export const flux = {
  version: "2.9.5",
  kubernetes: ["1.34", "1.35", "1.36"],
  // As public repositories pin the file; not compared with the release page. Another file is refused, never installed.
  sha256: "cc3dcd743af16215838b6937e1fce83745bf24c0dcc6c59737c59df15429caaf",
  source: "https://github.com/fluxcd/flux2/releases",
  checked: "2026-11",
} as const;

/** Version of Flux's API of Provider and Alert: `v1` from 2.10 on. */
export function fluxNotificationApi(version: string): "v1beta3" | "v1" {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || minor >= 10 ? "v1" : "v1beta3";
}

/**
 * The manifest of a Flux release.
 * @param version without a leading `v`
 * @param sha256 of the file. Default: that of the pinned version
 */
export function fluxManifest(version: string, sha256: string = flux.sha256): ReleaseFile {
  return { url: `https://github.com/fluxcd/flux2/releases/download/v${version}/install.yaml`, sha256 };
}

/** Velero: its CustomResourceDefinitions are those of its source at the release's tag. */
export const velero = {
  version: VELERO,
  kubernetes: ["1.33", "1.34", "1.35"],
  /** Kind's plural name → the file of its definition. */
  definitions: {
    backuprepositories: definition(
      "v1/bases/velero.io_backuprepositories",
      "a269b5e2949ba3207dd3323fdd17cd5dfd8dfafac5b9b01f2ad6409da4d56e65",
    ),
    backups: definition(
      "v1/bases/velero.io_backups",
      "38107fa5fad6bff25794489d12c8a898eed4d9d89ed49d00ea90369bc4e206b1",
    ),
    backupstoragelocations: definition(
      "v1/bases/velero.io_backupstoragelocations",
      "bd6e8fb1169d6e9299f49090f86cb9aa263a9e67314013ba231e93ba74485eba",
    ),
    deletebackuprequests: definition(
      "v1/bases/velero.io_deletebackuprequests",
      "c3e027086585c15a3b05b5596bcf3b6fed2dad9fdc8dea8cbcfb0abd5fc2ab50",
    ),
    downloadrequests: definition(
      "v1/bases/velero.io_downloadrequests",
      "329b4ecc223a478da489bf79e4a8d9710513b1d17527de18aa1275b5c7538119",
    ),
    podvolumebackups: definition(
      "v1/bases/velero.io_podvolumebackups",
      "09ce164be8559b6f6f6de314afd796071435daa9e4ce4343879443ea69f4d28d",
    ),
    podvolumerestores: definition(
      "v1/bases/velero.io_podvolumerestores",
      "39987e95bb16e5119b67f9a9664ad04d9f5cb1e9cf44bdf22276bd00106f8cdb",
    ),
    restores: definition(
      "v1/bases/velero.io_restores",
      "91eab7251df2936fcfa7bed32736c3949e1f70bbe4dcadde2e5dc2d299613042",
    ),
    schedules: definition(
      "v1/bases/velero.io_schedules",
      "d2276c19d93b63ed848fb492a0f34a2ac1e162938bed499a824acf356b5860c9",
    ),
    serverstatusrequests: definition(
      "v1/bases/velero.io_serverstatusrequests",
      "3e1b02454ed384a5fc72dccf6273328ba10a74c05bbff05cb92e6da0e747b22d",
    ),
    volumesnapshotlocations: definition(
      "v1/bases/velero.io_volumesnapshotlocations",
      "ec1b87c3f1b83053e97e01edf3aa059dff2bcb73c9d8a89bc08a5e8644777849",
    ),
    datadownloads: definition(
      "v2alpha1/bases/velero.io_datadownloads",
      "2665604bf20360a2216c33057d95d7820c9fdc1c9b7e2ee4b4de8ed7244177e1",
    ),
    datauploads: definition(
      "v2alpha1/bases/velero.io_datauploads",
      "64457a986612875e20a9c38da16f7377bd3c08f06a88dff41aaeb94ee20c595b",
    ),
  },
  source: "https://github.com/velero-io/velero/releases",
  checked: "2026-11",
} as const;

/** Address of a definition's file in Velero's source. */
function definition(file: string, sha256: string): ReleaseFile {
  return { url: `https://raw.githubusercontent.com/velero-io/velero/v${VELERO}/config/crd/${file}.yaml`, sha256 };
}

/** Kubernetes minors the platform is made for. */
export const kubernetesLines: readonly ReleaseLine[] = [
  { line: "1.33", ...KUBERNETES_RELEASES },
  { line: "1.34", ...KUBERNETES_RELEASES },
  { line: "1.35", ...KUBERNETES_RELEASES },
  { line: "1.36", ...KUBERNETES_RELEASES },
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
    monitoringChart: "109.0.0+up80.9.1-rancher.5",
    ...RANCHER_MATRIX,
  },
  {
    line: "2.13",
    version: "2.13.8",
    kubernetes: ["1.32", "1.33", "1.34"],
    monitoringChartMajor: 108,
    ...RANCHER_MATRIX,
  },
  {
    line: "2.12",
    version: "2.12.12",
    kubernetes: ["1.31", "1.32", "1.33"],
    monitoringChartMajor: 107,
    ...RANCHER_MATRIX,
  },
];

/** PostgreSQL majors that Parse Server 9 runs on; 15 served every call that was tried but is not on Parse's own list. */
export const postgresqlMajors: readonly number[] = [15, 16, 17, 18];

/** MongoDB majors that the platform offers of those that Parse Server 9 runs on: 8 from 8.0.4; it runs on 7.0.16 too. */
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
