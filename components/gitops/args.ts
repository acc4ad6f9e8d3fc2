import type { Input } from "@pulumi/pulumi";
import type { Resources } from "../kubernetes/pods";
import type { DefinitionsApi } from "../kubernetes/stored-version-hooks";
import type { ImageAutomation } from "./image-args";
import type { NotificationSettings } from "./notification-args";

/** How deploy keys are registered by the Git server's API. */
export interface KeyRegistration {
  /** Whose API it is. */
  readonly kind: "github" | "gitlab";
  /** Address of the API. */
  readonly apiUrl: string;
  /** Token of the API. */
  readonly token: Input<string>;
  /** PEM of the CA of the API's certificate. Absent: a public CA. */
  readonly caCertificate: string | undefined;
}

/** A login by a deploy key that is made in the stack. */
export interface SshLogin {
  /** Tells it from the other logins. */
  readonly kind: "ssh";
  /** known_hosts lines: the Git server's keys. */
  readonly knownHosts: readonly string[];
  /** Number of the key that Flux uses; the next one is made beforehand. */
  readonly deployKeyGeneration: number;
  /** Registers the keys by the Git server's API. Absent: by hand. */
  readonly registration: KeyRegistration | undefined;
}

/** A login by user name and token. */
export interface HttpsLogin {
  /** Tells it from the other logins. */
  readonly kind: "https";
  /** User name. */
  readonly username: string;
  /** Access token. */
  readonly token: Input<string>;
  /** PEM of the CA of the server's certificate. Absent: a public CA. */
  readonly caCertificate: string | undefined;
}

/** How Flux logs in to a Git server. */
export type Login = SshLogin | HttpsLogin | { readonly kind: "anonymous" };

/** A repository to follow. */
export interface Repository {
  /** Name of the GitRepository. */
  readonly name: string;
  /** ssh:// or http(s):// address without credentials. */
  readonly url: string;
  /** Branch that is followed. */
  readonly branch: string;
  /** Time between two fetches, such as `1m`. */
  readonly interval: string;
  /** How long a fetch may take, such as `60s`. */
  readonly timeout: string;
  /** How Flux logs in. */
  readonly authentication: Login;
}

/** What is applied from a repository. */
export interface Kustomization {
  /** Name of the Kustomization. */
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
  /** Namespace put on everything. Absent: as the files say. */
  readonly targetNamespace: string | undefined;
  /** Names of Kustomizations that must be ready first. */
  readonly dependsOn: readonly string[];
  /** Leaves the cluster as it is. */
  readonly suspend: boolean;
}

/** Arguments of the component `GitOps`. */
export interface GitOpsArgs extends NotificationSettings {
  /** Customer's name, a DNS label; on every object as a label, and in the comment of each deploy key. */
  readonly customer: string;
  /** Namespace made for the controllers. It stays when the stack goes. */
  readonly namespace: string;
  /** Version of Flux, without a leading `v`. */
  readonly version: string;
  /** Text of the release's `install.yaml`. */
  readonly manifest: Input<string>;
  /** Installs helm-controller, for HelmReleases in Git. */
  readonly helmReleases: boolean;
  /** Commits of newer image tags; its controllers are installed only then. Absent: none. */
  readonly imageAutomation: ImageAutomation | undefined;
  /** Registry mirror, in the place of each image's registry host. Absent: as released. */
  readonly imageMirror: string | undefined;
  /** Docker `config.json` with the credentials of the image registry. Absent: none needed. */
  readonly imagePullCredentials: Input<string> | undefined;
  /** Image with Node.js, for registering deploy keys. */
  readonly nodeImage: string;
  /** Of each controller. */
  readonly resources: Resources;
  /** Repositories to follow. */
  readonly repositories: readonly Repository[];
  /** What is applied from them. */
  readonly kustomizations: readonly Kustomization[];
  /** Stops all reconciliation. */
  readonly suspend: boolean;
  /** How long `pulumi up` waits until everything is ready, seconds. */
  readonly timeoutSeconds: number;
  /** The cluster's API, called to wait until everything is ready, and when kinds are changed. */
  readonly api: () => Promise<DefinitionsApi>;
}

/** A repository as the stack's outputs show it. */
export interface RepositorySummary {
  /** Name of the repository. */
  readonly name: string;
  /** Its address. */
  readonly url: string;
  /** Branch that is followed. */
  readonly branch: string;
  /** Whether the login has to be one that may push: for image automation only. */
  readonly write: boolean;
  /** The deploy key to register at the Git server, to read only unless `write`: one line to paste. Absent without a key. */
  readonly deployKey?: string;
  /** The key of the next generation, to register before `deployKeyGeneration` is raised. Absent without a key. */
  readonly nextDeployKey?: string;
}
