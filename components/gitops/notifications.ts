import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { takenUp } from "../kubernetes/object-metadata";
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
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** Version of the API of Provider and Alert. */
  readonly api: string;
  readonly notifications: readonly Notification[];
  readonly commitStatus: readonly CommitStatus[];
  readonly repositories: readonly Repository[];
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
    const metadata = this.metadata(name);
    const secret = this.secret(name, content.files);
    const provider = new kubernetes.apiextensions.CustomResource(
      `provider-${name}`,
      { apiVersion, kind: "Provider", metadata, spec: secret.apply((secretName) => providerSpec(content, secretName)) },
      { parent: this },
    );
    const spec = { providerRef: { name }, ...alertSpec(customer, severity, news) };
    new kubernetes.apiextensions.CustomResource(
      `alert-${name}`,
      { apiVersion, kind: "Alert", metadata, spec },
      { parent: this, dependsOn: provider },
    );
  }

  private secret(name: string, files: ProviderContent["files"]): pulumi.Output<string> {
    const encoded = (text: pulumi.Input<string>) =>
      pulumi.secret(text).apply((value) => Buffer.from(value, "utf8").toString("base64"));
    const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, encoded(text)]));
    const secret = new kubernetes.core.v1.Secret(
      name,
      { metadata: this.metadata(name), type: "Opaque", data },
      { parent: this },
    );
    return secret.metadata.name;
  }

  private metadata(name: string) {
    const { labels, namespace } = this.args;
    return { name, namespace, labels, annotations: takenUp };
  }
}
