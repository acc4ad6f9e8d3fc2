import type { NamespaceOwnership } from "../kubernetes/namespace";
import type { Input } from "@pulumi/pulumi";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";
import type { ImageAutomation } from "./image-args";
import type { NotificationSettings } from "./notification-args";

/** CPU and memory as Kubernetes quantities. */
export interface Resources {
  /** What the scheduler reserves. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What the kernel enforces; no limit of CPU where there is none. */
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** How deploy keys are registered by the Git server's API. */
export interface KeyRegistration {
  readonly kind: "github" | "gitlab";
  /** Address of the API. Default: the public server's. */
  readonly apiUrl?: string;
  readonly token: Input<string>;
  /** PEM of the CA of the API's certificate. Default: a public CA. */
  readonly caCertificate?: string;
}

/** A login by a deploy key that is made in the stack. */
export interface SshLogin {
  readonly kind: "ssh";
  /** known_hosts lines: the Git server's keys. */
  readonly knownHosts: readonly string[];
  /** Number of the key that Flux uses; the next one is made beforehand. */
  readonly deployKeyGeneration: number;
  /** Registers the keys by the Git server's API. Default: by hand. */
  readonly registration?: KeyRegistration;
}

/** A login by user name and token. */
export interface HttpsLogin {
  readonly kind: "https";
  readonly username: string;
  readonly token: Input<string>;
  /** PEM of the CA of the server's certificate. Default: a public CA. */
  readonly caCertificate?: string;
}

/** How Flux logs in to a Git server. */
export type Login = SshLogin | HttpsLogin | { readonly kind: "anonymous" };

/** A repository to follow. */
export interface Repository {
  /** Name of the GitRepository. */
  readonly name: string;
  /** ssh:// or http(s):// address without credentials. */
  readonly url: string;
  readonly branch: string;
  /** Time between two looks, such as `1m`. */
  readonly interval: string;
  /** How long one look may take, such as `60s`. */
  readonly timeout: string;
  readonly authentication: Login;
}

/** What is applied from a repository. */
export interface Kustomization {
  readonly name: string;
  /** Name of a {@link Repository}. */
  readonly repository: string;
  /** Directory in the repository. */
  readonly path: string;
  /** Time between two corrections of drift. */
  readonly interval: string;
  /** How long applying and its health checks may take. */
  readonly timeout: string;
  /** Deletes from the cluster what was deleted from Git. */
  readonly prune: boolean;
  /** Ready only when everything that was applied is healthy. */
  readonly wait: boolean;
  /** Namespace put on everything. Default: as the files say. */
  readonly targetNamespace?: string;
  /** Names of Kustomizations that must be ready first. */
  readonly dependsOn: readonly string[];
  readonly suspend: boolean;
}

/** Arguments of the component `GitOps`. */
export interface GitOpsArgs extends NotificationSettings {
  /** Whose the namespace is: see `onprem:site.namespaces`. Default: the stack's own. */
  readonly namespaces?: NamespaceOwnership;
  /** Customer's name, a DNS label; on every object as a label, and in the comment of each deploy key. */
  readonly customer: string;
  /** Namespace made for the controllers. It stays when the stack goes. */
  readonly namespace: string;
  /** Text of the release's `install.yaml`. */
  readonly manifest: Input<string>;
  /** Installs helm-controller, for HelmReleases in Git. */
  readonly helmReleases: boolean;
  /** Commits of newer image tags; its controllers are installed only then. Default: none. */
  readonly imageAutomation?: ImageAutomation;
  /** Registry mirror, in the place of each image's registry host. Default: as released. */
  readonly imageMirror?: string;
  /** Docker `config.json` with the credentials of the image registry. Default: none needed. */
  readonly imagePullCredentials?: Input<string>;
  /** Image with Node.js, for registering deploy keys. */
  readonly nodeImage: string;
  /** Of each controller. */
  readonly resources: Resources;
  readonly repositories: readonly Repository[];
  readonly kustomizations: readonly Kustomization[];
  /** Stops all reconciliation. */
  readonly suspend: boolean;
  /** How long `pulumi up` waits until everything is ready, seconds. */
  readonly timeoutSeconds: number;
  /**
   * How to look into the cluster, called when something is to be waited for or kinds are changed. Default: nothing is
   * waited for, and nothing rewritten.
   */
  readonly api?: () => Promise<DefinitionsApi>;
}

/** A repository as the stack's outputs show it. */
export interface RepositorySummary {
  readonly name: string;
  readonly url: string;
  readonly branch: string;
  /** Whether the login has to be one that may push: for image automation only. */
  readonly write: boolean;
  /** The deploy key to register at the Git server, to read only unless `write`: one line to paste. Absent without a key. */
  readonly deployKey?: string;
  /** The key of the next generation, to register before `deployKeyGeneration` is raised. Absent without a key. */
  readonly nextDeployKey?: string;
}
