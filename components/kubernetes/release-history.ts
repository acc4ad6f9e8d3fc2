import type { ClusterReader } from "./api-client";

/** What the hooks of a release need of the Kubernetes API. */
export interface KubernetesApi extends ClusterReader {
  get(path: string, options?: { readonly text?: boolean }): Promise<unknown>;
  /** Deletes one object; one that is gone already is fine. */
  delete(path: string): Promise<void>;
}

/** A Helm release, by what its records are found with. */
export interface ReleaseName {
  namespace: string;
  name: string;
}

/** How long an operation that may still run is waited for. */
export interface Patience {
  /** A pending record that was not touched for so long belongs to nobody, seconds. */
  abandonedAfterSeconds: number;
  /** Time between two looks, seconds. */
  pauseSeconds: number;
  /** The present, in seconds since 1970. */
  now(): number;
  /** Waits. */
  sleep(seconds: number): Promise<void>;
  /** Told once when there is something to wait for, with the longest it can take in seconds. Default: nobody is told. */
  waiting?(seconds: number): void;
}

interface Revision {
  secret: string;
  version: number;
  status: string;
  /** When Helm last wrote the record, in seconds since 1970. */
  touched: number;
}

/** How {@link settleHistory} found Helm's records. */
export interface SettledHistory {
  /** What it removed. */
  readonly removed: readonly string[];
  /** Whether nothing is left of a release that is to be updated. */
  readonly lost: boolean;
}

const PAUSE_SECONDS = 2;
const MARGIN_SECONDS = 30;

/**
 * The provider of a killed engine may go on for minutes, and Helm's own time-out ends what it does: until then its
 * operation is not to be taken from it, or its failure would later undo the new one.
 * @param timeoutSeconds the release's time-out
 */
export function patienceFor(timeoutSeconds: number): Patience {
  return {
    abandonedAfterSeconds: timeoutSeconds + MARGIN_SECONDS,
    pauseSeconds: PAUSE_SECONDS,
    now: () => Date.now() / 1000,
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  };
}

function secretsPath({ namespace }: ReleaseName): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** https://github.com/helm/helm/blob/v3.18.6/pkg/storage/driver/secrets.go */
interface HelmLabels {
  version: string;
  status: string;
  createdAt?: string;
  modifiedAt?: string;
}

/** Helm's records, oldest first. Their labels say all that is needed, so their content stays where it is. */
async function revisions(api: KubernetesApi, release: ReleaseName): Promise<Revision[]> {
  const selector = encodeURIComponent(`owner=helm,name=${release.name}`);
  const list = (await api.get(`${secretsPath(release)}?labelSelector=${selector}`)) as {
    items: Array<{ metadata: { name: string; labels: HelmLabels } }>;
  };
  return list.items
    .map(({ metadata }) => ({
      secret: metadata.name,
      version: Number(metadata.labels.version),
      status: metadata.labels.status,
      touched: Number(metadata.labels.modifiedAt ?? metadata.labels.createdAt ?? 0),
    }))
    .sort((a, b) => a.version - b.version);
}

function isPending(revision: Revision | undefined): boolean {
  return revision?.status.startsWith("pending-") ?? false;
}

async function settled(api: KubernetesApi, release: ReleaseName, patience: Patience): Promise<Revision[]> {
  for (let first = true; ; first = false) {
    const known = await revisions(api, release);
    const last = known.at(-1);
    if (!last || !isPending(last)) return known;
    const left = last.touched + patience.abandonedAfterSeconds - patience.now();
    if (left <= 0) return known;
    if (first) patience.waiting?.(Math.ceil(left));
    await patience.sleep(patience.pauseSeconds);
  }
}

/**
 * Makes a release ready for Helm's next operation after a run that was killed in the middle of one. Helm would refuse
 * with "cannot re-use a name that is still in use" or "another operation is in progress". What such a run began may
 * end by itself first; then only Helm's records are removed, never an object of the release: Helm takes over objects that
 * carry the release's name.
 * @param operation `create`: the engine's state has no such release, so any record is a killed run's; `update`: only a
 *   record that stays pending is
 * @returns what was done, for the log
 */
export async function settleHistory(
  api: KubernetesApi,
  release: ReleaseName,
  operation: "create" | "update",
  patience: Patience,
): Promise<SettledHistory> {
  const known = await settled(api, release, patience);
  const leftovers =
    operation === "create" ? known : known.filter((revision) => revision === known.at(-1) && isPending(revision));
  for (const { secret } of leftovers) await api.delete(`${secretsPath(release)}/${secret}`);
  return {
    removed: leftovers.map(({ version, status }) => `revision ${version} (${status})`),
    lost: operation === "update" && known.length === 0,
  };
}
