/**
 * Lets a destroy end: Velero's objects hold the namespace back until Velero has seen to each of them, and Velero is
 * deleted. Part of a program that runs beside Velero's server, as the last thing before its pod is stopped. A pod that is
 * only replaced leaves everything as it is. What is in the store stays.
 */
import { patient as patientWith } from "../../in-cluster/patience";

/** Calls the Kubernetes API; answers with the body's JSON. */
export type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** Kinds of Velero's whose objects may hold a namespace back. */
const KINDS = [
  "v1/restores",
  "v1/podvolumerestores",
  "v1/podvolumebackups",
  "v1/backups",
  "v1/deletebackuprequests",
  "v1/downloadrequests",
  "v1/backuprepositories",
  "v2alpha1/datauploads",
  "v2alpha1/datadownloads",
];

interface Listed {
  metadata: { name: string; finalizers?: string[] };
}

/**
 * Takes the finalizers off Velero's objects of a namespace, if Velero's Deployment is being deleted.
 * @returns names of the objects that were released
 */
export async function releaseFinalizers(namespace: string, deployment: string, call: Call): Promise<string[]> {
  const own = await call("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`);
  const { metadata } = own.body as { metadata?: { deletionTimestamp?: string } };
  if (own.status !== 404 && metadata?.deletionTimestamp === undefined) return [];
  const released: string[] = [];
  for (const kind of KINDS) {
    const path = `/apis/velero.io/${kind.replace("/", `/namespaces/${namespace}/`)}`;
    const { status, body } = await call("GET", path);
    if (status !== 200) continue;
    for (const { metadata: object } of (body as { items: Listed[] }).items) {
      if (!object.finalizers?.length) continue;
      await call("PATCH", `${path}/${object.name}`, { metadata: { finalizers: null } });
      released.push(`${kind.split("/").pop()}/${object.name}`);
    }
  }
  return released;
}

/** Shorter than what the pod is given to stop (`STOP_SECONDS` of velero-pods.ts). */
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 1_000;

/**
 * Asks again while the API does not answer, or has too much to do, until its patience is over for all calls together:
 * nobody calls this program a second time, and what it leaves undone holds the namespace for ever.
 */
export function patient(
  call: Call,
  milliseconds = PATIENCE_MILLISECONDS,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Call {
  return patientWith(call, { milliseconds, pauseMilliseconds, together: true });
}
