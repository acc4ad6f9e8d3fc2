import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseDocument, stringify } from "yaml";
import { ProgramError } from "../errors/program-error";
import { contextOf, parseKubeconfig } from "../grammars/kubeconfig";
import { KubernetesApiError } from "./api-error";
import { fromAnyFolder } from "./kubeconfig-paths";

/** The kubeconfig of a cluster cannot be used. The engine prints the message alone, without a stack trace. */
export class KubeconfigError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "KUBECONFIG_UNUSABLE";
  override readonly name = "KubeconfigError";
}

/**
 * Reads a kubeconfig file. Relative paths in it start at its own folder, as for kubectl.
 * @param root folder that a relative path of the file itself starts from: the project
 * @param path the setting `cluster.kubeconfig`
 * @param context the setting `cluster.context`. Default: the current one
 * @throws KubeconfigError when there is no such file, or it names a file that is not there
 */
export function readKubeconfig(root: string, path: string, context?: string): string {
  const file = resolve(root, path);
  try {
    return fromAnyFolder(readFileSync(file, "utf8"), dirname(file), context);
  } catch (error) {
    if (error instanceof KubernetesApiError)
      throw new KubeconfigError(`${error.message} (onprem:cluster.kubeconfig, ${file}).`);
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : `cannot be read (${error})`;
    throw new KubeconfigError(
      `The kubeconfig ${file} (onprem:cluster.kubeconfig) ${reason}. Start the lab with \`npm run lab up\`, or name the kubeconfig of the customer's cluster.`,
    );
  }
}

/**
 * The API server's address that a kubeconfig names for a context.
 * @param contents the kubeconfig's text
 * @param context the context's name; the current one when absent
 * @throws KubeconfigError when the text is no kubeconfig, or the context or its cluster is not in it
 */
export function serverOf(contents: string, context?: string): string {
  const kubeconfig = parseKubeconfig(contents);
  // The parser's words would quote what may be a key.
  if (!kubeconfig?.clusters)
    throw new KubeconfigError(
      "The kubeconfig (onprem:cluster) is not one: YAML with clusters, contexts and users is expected.",
    );
  const chosen = contextOf(kubeconfig, context);
  if (!chosen.context) {
    const known = (kubeconfig.contexts ?? []).map((entry) => entry.name).join(", ") || "none";
    const asked = chosen.name ? `has no context ${chosen.name}` : "names no current context";
    throw new KubeconfigError(`The kubeconfig ${asked}; it has: ${known}. Set onprem:cluster.context to one of them.`);
  }
  const server = chosen.cluster?.server;
  if (!server || !URL.canParse(server)) {
    throw new KubeconfigError(
      `The kubeconfig's context ${chosen.name} leads to no cluster with a server address in it.`,
    );
  }
  return server;
}

/**
 * The kubeconfig with a context as its current one: whoever is given it, without being told of a context, reaches the same
 * cluster as the program. What else it says stays as it is.
 * @param context default: as it is
 */
export function withCurrentContext(contents: string, context?: string): string {
  if (context === undefined) return contents;
  const document = parseDocument(contents);
  if (document.errors.length > 0 || document.get("current-context") === context) return contents;
  document.set("current-context", context);
  return document.toString();
}

/** A GKE cluster as its kubeconfig names it. */
export interface GkeEndpoint {
  /** Name of the cluster. */
  readonly name: string;
  /** Host, with a port where it is not 443. */
  readonly endpoint: string;
  /** CA of the API server, base64 of PEM. */
  readonly caCertificate: string;
}

/** The program that fetches credentials for GKE. */
const GKE_PLUGIN = "gke-gcloud-auth-plugin";

/**
 * Kubeconfig of a GKE cluster. It holds no credentials: whoever uses it is asked for their own by Google's plugin
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl).
 */
export function gkeKubeconfig({ name, endpoint, caCertificate }: GkeEndpoint): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: GKE_PLUGIN,
    installHint: installHint(),
    provideClusterInfo: true,
    interactiveMode: "Never",
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `https://${endpoint}`, "certificate-authority-data": caCertificate } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

function installHint(): string {
  return `Install it with \`gcloud components install ${GKE_PLUGIN}\` or \`apt-get install google-cloud-cli-${GKE_PLUGIN}\``;
}

/**
 * Makes sure that credentials for GKE can be had before anything is created.
 * @param searchPath the environment's PATH
 * @param exists whether there is a file; the file system's word when absent
 * @throws KubeconfigError when Google's plugin is not on the path
 */
export function requireGkePlugin(searchPath: string, exists: (path: string) => boolean = existsSync): void {
  const names = [GKE_PLUGIN, `${GKE_PLUGIN}.exe`];
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  if (folders.some((folder) => names.some((name) => exists(join(folder, name))))) return;
  throw new KubeconfigError(
    `${GKE_PLUGIN} is not on the PATH, and without it nothing in a GKE cluster (onprem:cluster.kind gke) can be reached; nothing was created. ${installHint()}, then run the command again.`,
  );
}
