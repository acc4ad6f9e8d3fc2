import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createSecret } from "../kubernetes/secret";
import type { Kustomization, Repository } from "./args";
import type { CommitStatus, Notification } from "./notification-args";
import {
  alertSpec,
  type EventSource,
  NOTIFICATION_GROUP,
  newsOf,
  type ProviderContent,
  providerOf,
  providerSpec,
  statusProviderOf,
} from "./notification-objects";

/** Arguments of {@link Notifications}. */
export interface NotificationsArgs {
  /** Customer's name; every message carries it. */
  readonly customer: string;
  /** Namespace of Flux. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Version of the API of Provider and Alert. */
  readonly api: string;
  /** Receivers of Flux's events. */
  readonly notifications: readonly Notification[];
  /** Git servers that show at each commit whether it is applied. */
  readonly commitStatus: readonly CommitStatus[];
  /** Repositories that are followed. */
  readonly repositories: readonly Repository[];
  /** What is applied from them. */
  readonly kustomizations: readonly Kustomization[];
}

/** Who is told what Flux fetches and applies, and at which Git servers commits are marked. */
export class Notifications extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: NotificationsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:Notifications", name, {}, opts);
    for (const notification of args.notifications) {
      const news = newsOf(args, notification.repositories);
      this.tell(`notify-${notification.name}`, providerOf(notification), notification.severity, news);
    }
    for (const status of args.commitStatus) {
      const url = args.repositories.find((repository) => repository.name === status.repository)?.url ?? "";
      // A repository's own news are of no commit that was applied; Flux marks what its Kustomizations say.
      const news = newsOf(args, [status.repository]).filter(({ kind }) => kind === "Kustomization");
      this.tell(`commit-status-${status.repository}`, statusProviderOf(status, url), "info", news);
    }
    this.registerOutputs({});
  }

  private tell(name: string, content: ProviderContent, severity: "info" | "error", news: EventSource[]): void {
    const { api, customer } = this.args;
    const apiVersion = `${NOTIFICATION_GROUP}/${api}`;
    const metadata = objectMetadata(name, this.args);
    const secret = createSecret(name, { metadata, type: "Opaque", texts: content.files }, { parent: this });
    const provider = new kubernetes.apiextensions.CustomResource(
      `provider-${name}`,
      {
        apiVersion,
        kind: "Provider",
        metadata,
        spec: secret.metadata.name.apply((secretName) => providerSpec(content, secretName)),
      },
      { parent: this },
    );
    const spec = { providerRef: { name }, ...alertSpec(customer, severity, news) };
    new kubernetes.apiextensions.CustomResource(
      `alert-${name}`,
      { apiVersion, kind: "Alert", metadata, spec },
      { parent: this, dependsOn: provider },
    );
  }
}
