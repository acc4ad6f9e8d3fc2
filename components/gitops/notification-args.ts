import type { Input } from "@pulumi/pulumi";

/** What is told, and of what. */
interface Told {
  /** Name of the notification. */
  readonly name: string;
  /** `error`: only what fails; `info`: what is fetched and applied too. */
  readonly severity: "info" | "error";
  /** Names of repositories whose news are told, with those of what is applied from them. Default: all. */
  readonly repositories?: readonly string[];
}

/** Where it is told. */
type Place =
  | { readonly kind: "slack" | "rocket"; readonly webhookUrl: Input<string>; readonly channel?: string }
  | { readonly kind: "msteams" | "discord" | "googlechat"; readonly webhookUrl: Input<string> }
  | { readonly kind: "matrix"; readonly homeserver: string; readonly room: string; readonly token: Input<string> }
  | { readonly kind: "telegram"; readonly chat: string; readonly token: Input<string> }
  | {
      readonly kind: "webhook";
      readonly webhookUrl: Input<string>;
      /** Signs each event. Default: unsigned. */
      readonly hmacKey?: Input<string>;
      /** PEM of the CA of the endpoint's certificate. Default: a public CA. */
      readonly caCertificate?: string;
    };

/** Who is told what Flux fetches and applies. */
export type Notification = Told & Place;

/** Marks at the commits of one repository. */
export interface CommitStatus {
  /** Name of the repository. */
  readonly repository: string;
  /** What the Git server is, in Flux's word. */
  readonly server: "github" | "gitlab" | "gitea" | "bitbucket" | "bitbucketserver" | "azuredevops";
  /** Web address of the repository. Default: the one that follows from its `url`. */
  readonly address?: string;
  readonly token: Input<string>;
  /** PEM of the CA of the server's certificate. Default: a public CA. */
  readonly caCertificate?: string;
}

/** A public way in, HTTPS only. */
export interface WebhookIngress {
  /** Public host name. */
  readonly host: string;
  /** Ingress class. Default: the cluster's default. */
  readonly className?: string;
  /** Annotations for the ingress controller. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The host's certificate: a Secret of the customer's, or a cert-manager ClusterIssuer that makes it. */
  readonly tls: { readonly secretName?: string; readonly clusterIssuer?: string };
}

/** The webhook that a push calls. */
export interface WebhookSettings {
  /** What calls. */
  readonly server: "github" | "gitlab" | "gitea" | "bitbucketserver" | "other";
  /** Names of repositories that are looked at when it calls. Default: all. */
  readonly repositories?: readonly string[];
  /** Rotation number of the token. */
  readonly tokenGeneration: number;
  /** Default: reachable inside the cluster only. */
  readonly ingress?: WebhookIngress;
}

/** What needs notification-controller, which is installed only for one of these. */
export interface NotificationSettings {
  /** Version of the API of Provider and Alert. */
  readonly notificationApi: string;
  /** Default: nobody is told. */
  readonly notifications?: readonly Notification[];
  /** Default: no marks. */
  readonly commitStatus?: readonly CommitStatus[];
  /** Default: Flux looks every interval only. */
  readonly receiver?: WebhookSettings;
}

/** The webhook as the stack's outputs show it; all of it is secret, since the path is made from the token. */
export interface WebhookSummary {
  /** Path of the address: `/hook/…`. */
  readonly path: string;
  /** Address that the Git server calls; inside the cluster only where there is no ingress. */
  readonly url: string;
  /** What the Git server signs with, or shows. */
  readonly token: string;
  /** What to enter at the Git server, and where. */
  readonly line: string;
}
