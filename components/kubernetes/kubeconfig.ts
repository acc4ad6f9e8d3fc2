import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { parse, parseDocument, stringify } from "yaml";
import { ProgramError } from "../errors/program-error";

/** The kubeconfig of a cluster cannot be used. The engine prints the message alone, without a stack trace. */
export class KubeconfigError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "KUBECONFIG_UNUSABLE";
  override readonly name = "KubeconfigError";
}

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: { readonly server?: string } }[];
}

/**
 * Reads a kubeconfig file.
 * @param root folder that a relative path starts from: the project
 * @param path the setting `cluster.kubeconfig`
 * @throws KubeconfigError when there is no such file
 */
export function readKubeconfig(root: string, path: string): string {
  const file = resolve(root, path);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
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
  const name = context ?? kubeconfig["current-context"];
  const known = (kubeconfig.contexts ?? []).map((entry) => entry.name).join(", ") || "none";
  const entry = kubeconfig.contexts?.find((candidate) => candidate.name === name);
  if (!entry) {
    const asked = name ? `has no context ${name}` : "names no current context";
    throw new KubeconfigError(`The kubeconfig ${asked}; it has: ${known}. Set onprem:cluster.context to one of them.`);
  }
  const cluster = kubeconfig.clusters?.find((candidate) => candidate.name === entry.context?.cluster);
  const server = cluster?.cluster?.server;
  if (!server || !URL.canParse(server)) {
    throw new KubeconfigError(`The kubeconfig's context ${name} leads to no cluster with a server address in it.`);
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

function parseKubeconfig(contents: string): Kubeconfig {
  try {
    const parsed: unknown = parse(contents);
    if (typeof parsed === "object" && parsed !== null && "clusters" in parsed) return parsed as Kubeconfig;
  } catch {
    // Reported below: the parser's words would quote what may be a key.
  }
  throw new KubeconfigError(
    "The kubeconfig (onprem:cluster) is not one: YAML with clusters, contexts and users is expected.",
  );
}

const ANSWER_MILLISECONDS = 10_000;

/**
 * Fails early, with one sentence, where the provider would fail with one for each resource.
 * @param server the API server's address
 * @throws KubeconfigError when nobody takes a connection there within 10 s
 */
export function requireAnswer(server: string): Promise<void> {
  const { hostname, port } = new URL(server);
  // No look at what a proxy hides: then the provider tells.
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return Promise.resolve();
  return new Promise((answered, refused) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port || 443),
      timeout: ANSWER_MILLISECONDS,
    });
    const refuse = (reason: string) => {
      socket.destroy();
      refused(
        new KubeconfigError(
          `The cluster at ${server} does not answer: ${reason}. Is it running, and reachable from here? The lab's: npm run lab status. Another: check onprem:cluster.`,
        ),
      );
    };
    socket.once("connect", () => {
      socket.destroy();
      answered();
    });
    socket.once("timeout", () => refuse(`no connection within ${ANSWER_MILLISECONDS / 1000} s`));
    socket.once("error", (error) => refuse(error.message));
  });
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
