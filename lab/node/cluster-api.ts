import { readFileSync } from "node:fs";
import { KubernetesApiClient, KubernetesApiError } from "../../components/kubernetes/api-client";
import { objectPath } from "../../components/kubernetes/object-path";
import { paths } from "../layout";

/** What every object has. */
export interface LabObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A busy machine's API server is slow now and then. */
const PATIENCE = { patienceMilliseconds: 60_000 };

let known: { readonly kubeconfig: string; readonly client: KubernetesApiClient } | undefined;

/**
 * The API of the lab's cluster that runs now; another one has another kubeconfig. For what is asked again and again: a
 * kubectl each time is a busy neighbour.
 */
export function clusterApi(): KubernetesApiClient {
  const kubeconfig = readFileSync(paths.kubeconfig, "utf8");
  if (known?.kubeconfig !== kubeconfig) known = { kubeconfig, client: new KubernetesApiClient(kubeconfig) };
  return known.client;
}

/**
 * One object.
 * @param kind plural, with version and group where it has one: `secrets`, `deployments.v1.apps`
 * @param namespace undefined for what lies in none
 * @throws KubernetesApiError when it is not there, too
 */
export async function readObject<Kind = LabObject>(kind: string, namespace: string | undefined, name: string) {
  return (await clusterApi().get(objectPath(kind, namespace, name), PATIENCE)) as Kind;
}

/** Whether there is such an object. */
export async function objectExists(kind: string, namespace: string | undefined, name: string): Promise<boolean> {
  try {
    await readObject(kind, namespace, name);
    return true;
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return false;
    throw error;
  }
}

/**
 * All objects of a kind.
 * @param namespace Default: all
 * @param selector of labels. Default: whatever they are
 */
export async function listObjects<Kind = LabObject>(kind: string, namespace?: string, selector = ""): Promise<Kind[]> {
  const path = `${objectPath(kind, namespace)}?labelSelector=${encodeURIComponent(selector)}`;
  return ((await clusterApi().get(path, PATIENCE)) as { items: Kind[] }).items;
}
