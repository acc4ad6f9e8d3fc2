/**
 * Lets a destroy end: Velero's objects hold the namespace back until Velero has seen to each of them, and Velero is
 * deleted. Runs beside Velero's server, as the last thing before its pod is stopped, on Node.js alone; this file is
 * handed to it as compiled. A pod that is only replaced leaves everything as it is. What is in the store stays.
 */
import { readFileSync } from "node:fs";
import { request } from "node:https";

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
export function patient(call: Call, patience = PATIENCE_MILLISECONDS, pause = PAUSE_MILLISECONDS): Call {
  const until = Date.now() + patience;
  return async (...question) => {
    for (;;) {
      try {
        const answer = await call(...question);
        if ((answer.status < 500 && answer.status !== 429) || Date.now() >= until) return answer;
      } catch (error) {
        if (Date.now() >= until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
}

/** JSON in a body; an object without anything where it is something else, as with "too many requests". */
function contentOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

const callApi: Call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const url = `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}${path}`;
    const headers = {
      authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, "utf8").trim()}`,
      accept: "application/json",
      "content-type": "application/merge-patch+json",
    };
    const options = { method, headers, ca: readFileSync(`${ACCOUNT}/ca.crt`), timeout: 10_000 };
    const sent = request(url, options, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: contentOf(text) }));
      response.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 10 s")));
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** `idle` waits for the end; `release` is called by the kubelet before it. */
async function main(): Promise<void> {
  const [what = "", namespace = "", deployment = ""] = process.argv.slice(2);
  if (what === "release") {
    const released = await releaseFinalizers(namespace, deployment, patient(callApi));
    process.stdout.write(`released ${released.join(", ") || "nothing"}\n`);
    return;
  }
  const forever = setInterval(() => {}, 2 ** 31 - 1);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => clearInterval(forever));
}

if (require.main === module) void main();
