import type { Input } from "@pulumi/pulumi";
import type { Ingress } from "../kubernetes/ingress";

/** What is sent, and about what. */
interface NotificationContent {
  /** Name of the notification. */
  readonly name: string;
  /** `error`: only what fails; `info`: what is fetched and applied too. */
  readonly severity: "info" | "error";
  /** Names of the repositories whose events are sent, with those of what is applied from them. */
  readonly repositories: readonly string[];
}

/** Where it is sent. */
type NotificationTarget =
  | { readonly kind: "slack" | "rocket"; readonly webhookUrl: Input<string>; readonly channel: string | undefined }
  | { readonly kind: "msteams" | "discord" | "googlechat"; readonly webhookUrl: Input<string> }
  | { readonly kind: "matrix"; readonly homeserver: string; readonly room: string; readonly token: Input<string> }
  | { readonly kind: "telegram"; readonly chat: string; readonly token: Input<string> }
  | {
      readonly kind: "webhook";
      readonly webhookUrl: Input<string>;
      /** Signs each event. Absent: unsigned. */
      readonly hmacKey: Input<string> | undefined;
      /** PEM of the CA of the endpoint's certificate. Absent: a public CA. */
      readonly caCertificate: string | undefined;
    };

/** What is sent to one receiver of Flux's events. */
export type Notification = NotificationContent & NotificationTarget;

/** Marks at the commits of one repository. */
export interface CommitStatus {
  /** Name of the repository. */
  readonly repository: string;
  /** What the Git server is, in Flux's word. */
  readonly server: "github" | "gitlab" | "gitea" | "bitbucket" | "bitbucketserver" | "azuredevops";
  /** Web address of the repository. Absent: the one that follows from its `url`. */
  readonly address: string | undefined;
  /** Token that may write commit statuses. */
  readonly token: Input<string>;
  /** PEM of the CA of the server's certificate. Absent: a public CA. */
  readonly caCertificate: string | undefined;
}

/** The webhook that a push calls. */
export interface WebhookSettings {
  /** What calls. */
  readonly server: "github" | "gitlab" | "gitea" | "bitbucketserver" | "other";
  /** Names of the repositories that are fetched when it calls. */
  readonly repositories: readonly string[];
  /** Rotation number of the token. */
  readonly tokenGeneration: number;
  /** Public way in. Absent: reachable inside the cluster only. */
  readonly ingress: Ingress | undefined;
}

/** What needs notification-controller, which is installed only for one of these. */
export interface NotificationSettings {
  /** Version of the API of Provider and Alert. */
  readonly notificationApi: string;
  /** Receivers of Flux's events. */
  readonly notifications: readonly Notification[];
  /** Git servers that show at each commit whether it is applied. */
  readonly commitStatus: readonly CommitStatus[];
  /** The webhook that a push calls. Absent: Flux fetches every interval only. */
  readonly receiver: WebhookSettings | undefined;
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
