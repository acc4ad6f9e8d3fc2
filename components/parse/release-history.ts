/** What the hooks of a release need of the Kubernetes API. */
export interface KubernetesApi {
  /** The answer to GET `path`. */
  get(path: string): Promise<unknown>;
  /** Deletes one object; one that is gone already is fine. */
  delete(path: string): Promise<void>;
}

/** A Helm release, by what its records are found with. */
export interface ReleaseName {
  namespace: string;
  name: string;
}

/** How long to wait, in milliseconds, and how to; for tests. */
export interface Patience {
  total: number;
  pause: number;
  sleep(milliseconds: number): Promise<void>;
}

interface Revision {
  secret: string;
  version: number;
  status: string;
}

/** The provider of a killed engine notices within five minutes at most; what it does mostly ends in seconds. */
const DEFAULT_PATIENCE: Patience = {
  total: 60_000,
  pause: 2_000,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

function secretsPath({ namespace }: ReleaseName): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** Helm's records, oldest first. Their labels say all that is needed, so their content stays where it is. */
async function revisions(api: KubernetesApi, release: ReleaseName): Promise<Revision[]> {
  const selector = encodeURIComponent(`owner=helm,name=${release.name}`);
  const list = (await api.get(`${secretsPath(release)}?labelSelector=${selector}`)) as {
    items: Array<{ metadata: { name: string; labels: { version: string; status: string } } }>;
  };
  return list.items
    .map(({ metadata }) => ({
      secret: metadata.name,
      version: Number(metadata.labels.version),
      status: metadata.labels.status,
    }))
    .sort((a, b) => a.version - b.version);
}

function isPending(revision: Revision | undefined): boolean {
  return revision?.status.startsWith("pending-") ?? false;
}

async function settled(api: KubernetesApi, release: ReleaseName, patience: Patience): Promise<Revision[]> {
  for (let waited = 0; ; waited += patience.pause) {
    const known = await revisions(api, release);
    if (!isPending(known.at(-1)) || waited >= patience.total) return known;
    await patience.sleep(patience.pause);
  }
}

/**
 * Makes a release ready for Helm's next operation after a run that was killed in the middle of one. Helm would refuse
 * with "cannot re-use a name that is still in use" or "another operation is in progress". What such a run began gets
 * some time to end; then only Helm's records are removed, never an object of the release: Helm takes over objects that
 * carry the release's name.
 * @param operation `create`: the engine's state has no such release, so any record is a killed run's; `update`: only a
 *   record that stays pending is
 * @returns what was removed, for the log
 */
export async function settleHistory(
  api: KubernetesApi,
  release: ReleaseName,
  operation: "create" | "update",
  patience: Patience = DEFAULT_PATIENCE,
): Promise<string[]> {
  const known = await settled(api, release, patience);
  const leftovers =
    operation === "create" ? known : known.filter((revision) => revision === known.at(-1) && isPending(revision));
  for (const { secret } of leftovers) await api.delete(`${secretsPath(release)}/${secret}`);
  return leftovers.map(({ version, status }) => `revision ${version} (${status})`);
}
