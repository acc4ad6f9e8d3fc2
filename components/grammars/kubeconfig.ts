/** The format of a kubeconfig, as kubectl reads it: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/. Pure. */
import { isAbsolute } from "node:path";
import { parse } from "yaml";

/** The API server of a cluster, and how it is reached and recognised. */
export interface KubeconfigCluster {
  readonly server?: string;
  /** Path of the CA's certificate, PEM. */
  readonly "certificate-authority"?: string;
  /** The CA's certificate, base64 of PEM. */
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  /** Name that the server's certificate is for, where it is not the server's host. */
  readonly "tls-server-name"?: string;
  /** Proxy to the server: `http`, `https` or `socks5`. It comes before the environment's. */
  readonly "proxy-url"?: string;
  readonly "disable-compression"?: boolean;
  readonly extensions?: readonly { readonly name: string; readonly extension?: unknown }[];
}

/** A program that gives credentials: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface LoginPlugin {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  /** Whether it is told of the cluster. */
  readonly provideClusterInfo?: boolean;
  /** `Never`, `IfAvailable` or `Always`. */
  readonly interactiveMode?: string;
}

/** A user, and how the user logs in. */
export interface KubeconfigUser {
  readonly token?: string;
  /** Path of a file with the token; it comes before the token. */
  readonly tokenFile?: string;
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: LoginPlugin;
  readonly "auth-provider"?: unknown;
  /** User in whose name requests are made, with groups, user id and further attributes. */
  readonly as?: string;
  readonly "as-groups"?: readonly string[];
  readonly "as-uid"?: string;
  readonly "as-user-extra"?: Readonly<Record<string, readonly string[]>>;
}

/** A cluster together with a user. */
export interface KubeconfigContext {
  readonly cluster?: string;
  readonly user?: string;
}

/** A kubeconfig. */
export interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: KubeconfigContext }[] | null;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: KubeconfigCluster }[] | null;
  readonly users?: readonly { readonly name: string; readonly user?: KubeconfigUser }[] | null;
}

/** What a context of a kubeconfig leads to; what is not in the kubeconfig is absent. */
export interface ChosenContext {
  /** Name of the context; absent where none is asked for and there is no current one. */
  readonly name?: string;
  readonly context?: KubeconfigContext;
  readonly cluster?: KubeconfigCluster;
  readonly user?: KubeconfigUser;
}

/** A file that a kubeconfig names. */
export interface FileReference {
  /** Where in the kubeconfig the path stands, such as `clusters`, 0, `cluster`, `certificate-authority`. */
  readonly place: readonly [list: "clusters" | "users", index: number, ...fields: string[]];
  /** Name of the cluster or the user. */
  readonly owner: string;
  readonly path: string;
}

/** A text as a kubeconfig; `undefined` where it is none. */
export function parseKubeconfig(text: string): Kubeconfig | undefined {
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    const lists = ["clusters", "contexts", "users"].map((name) => (parsed as Record<string, unknown>)[name] ?? []);
    return lists.every(Array.isArray) ? (parsed as Kubeconfig) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a context leads to.
 * @param context its name. Default: the current one
 */
export function contextOf(kubeconfig: Kubeconfig, context?: string): ChosenContext {
  const name = context ?? (kubeconfig["current-context"] || undefined);
  const find = <Entry extends { readonly name: string }>(list: readonly Entry[] | null | undefined, wanted?: string) =>
    list?.find((entry) => entry.name === wanted);
  const chosen = find(kubeconfig.contexts, name)?.context;
  return {
    name,
    context: chosen,
    cluster: find(kubeconfig.clusters, chosen?.cluster)?.cluster,
    user: find(kubeconfig.users, chosen?.user)?.user,
  };
}

/** Fields that are paths, and become a content under the same name with `-data`. */
const CONTENT_FIELDS = { clusters: ["certificate-authority"], users: ["client-certificate", "client-key"] } as const;

/**
 * The relative paths of a kubeconfig: kubectl starts them at the folder of the kubeconfig's own file. A login plugin's
 * command without a slash is looked up in PATH, and is none.
 */
export function relativePaths({ clusters, users }: Kubeconfig): FileReference[] {
  const references: FileReference[] = [];
  const add = (place: FileReference["place"], owner: string, path: unknown) => {
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) references.push({ place, owner, path });
  };
  const addContents = (list: "clusters" | "users", index: number, owner: string, fields: object | undefined) => {
    const values = fields as Record<string, unknown> | undefined;
    for (const field of CONTENT_FIELDS[list])
      if (!values?.[`${field}-data`])
        add([list, index, list === "clusters" ? "cluster" : "user", field], owner, values?.[field]);
  };
  for (const [index, { name, cluster }] of (clusters ?? []).entries()) addContents("clusters", index, name, cluster);
  for (const [index, { name, user }] of (users ?? []).entries()) {
    addContents("users", index, name, user);
    add(["users", index, "user", "tokenFile"], name, user?.tokenFile);
    const command = user?.exec?.command;
    if (command?.includes("/")) add(["users", index, "user", "exec", "command"], name, command);
  }
  return references;
}

/**
 * The relative paths that a context uses.
 * @param context its name. Default: the current one
 */
export function usedRelativePaths(kubeconfig: Kubeconfig, context?: string): FileReference[] {
  const used = contextOf(kubeconfig, context).context;
  return relativePaths(kubeconfig).filter(
    ({ owner, place: [list] }) => owner === (list === "clusters" ? used?.cluster : used?.user),
  );
}

/** The name of a field that is a path, such as `certificate-authority` or `exec.command`. */
export function fieldOf({ place }: FileReference): string {
  return place.slice(3).join(".");
}

/** Whether the file's content can stand in the kubeconfig in the path's place. */
export function canBeContent({ place }: FileReference): boolean {
  return [...CONTENT_FIELDS.clusters, ...CONTENT_FIELDS.users].some((field) => field === place[3]);
}

/**
 * Several kubeconfigs as one: of two entries with the same name the first counts, and the first current context
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
 */
export function mergeKubeconfigs(all: readonly Kubeconfig[]): Kubeconfig {
  const merged = <Entry extends { readonly name: string }>(lists: readonly (readonly Entry[] | null | undefined)[]) => {
    const entries = new Map<string, Entry>();
    for (const entry of lists.flatMap((list) => list ?? []))
      if (!entries.has(entry.name)) entries.set(entry.name, entry);
    return [...entries.values()];
  };
  const current = all.map((one) => one["current-context"]).find(Boolean);
  return {
    ...(current ? { "current-context": current } : {}),
    contexts: merged(all.map(({ contexts }) => contexts)),
    clusters: merged(all.map(({ clusters }) => clusters)),
    users: merged(all.map(({ users }) => users)),
  };
}
