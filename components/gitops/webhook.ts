import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { takenUp } from "../kubernetes/object-metadata";
import type { WebhookIngress, WebhookSettings, WebhookSummary } from "./notification-args";
import { NOTIFICATION_GROUP } from "./notification-objects";
import { RECONCILE_REQUEST } from "./readiness";
import { callingServers, HOOK_PREFIX, RECEIVER, RECEIVER_SERVICE, webhookSummary } from "./webhook-lines";

const TOKEN_LENGTH = 40;

/** Arguments of {@link Webhook}. */
export interface WebhookArgs extends WebhookSettings {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** Names of the GitRepositories that are looked at when the Git server calls. */
  readonly repositories: readonly string[];
}

/** The webhook that a push calls, so that Flux looks at once. */
export class Webhook extends pulumi.ComponentResource {
  /** Address, token, and what to enter at the Git server. */
  readonly summary: pulumi.Output<WebhookSummary>;

  constructor(
    name: string,
    private readonly args: WebhookArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:Webhook", name, {}, opts);
    const token = this.createToken();
    this.receive(this.secret(token));
    if (args.ingress) this.open(args.ingress);
    this.summary = pulumi.secret(
      pulumi.all([token, args.namespace]).apply(([text, namespace]) => webhookSummary(args, text, namespace)),
    );
    this.registerOutputs({ summary: this.summary });
  }

  private createToken(): pulumi.Output<string> {
    const keepers = { generation: String(this.args.tokenGeneration) };
    const options = { length: TOKEN_LENGTH, special: false, keepers };
    return pulumi.secret(new random.RandomPassword("webhook-token", options, { parent: this }).result);
  }

  private secret(token: pulumi.Output<string>): kubernetes.core.v1.Secret {
    const data = { token: token.apply((text) => Buffer.from(text, "utf8").toString("base64")) };
    return new kubernetes.core.v1.Secret(
      "webhook-token",
      { metadata: this.metadata("webhook-token"), type: "Opaque", data },
      { parent: this },
    );
  }

  private receive(secret: kubernetes.core.v1.Secret): void {
    const { repositories, server, tokenGeneration } = this.args;
    const { events, type } = callingServers[server];
    // With another token Flux makes the new path at once, and `up` waits for it.
    const request = String(tokenGeneration);
    const annotations = {
      ...takenUp,
      [RECONCILE_REQUEST]: request,
      "pulumi.com/waitFor": JSON.stringify(["condition=Ready", `jsonpath={.status.lastHandledReconcileAt}=${request}`]),
    };
    new kubernetes.apiextensions.CustomResource(
      "receiver",
      {
        apiVersion: `${NOTIFICATION_GROUP}/v1`,
        kind: "Receiver",
        metadata: { ...this.metadata(RECEIVER), annotations },
        spec: {
          type,
          ...(events === undefined ? {} : { events: [...events] }),
          secretRef: { name: secret.metadata.name },
          resources: repositories.map((name) => ({ kind: "GitRepository", name })),
        },
      },
      { parent: this, dependsOn: secret, customTimeouts: { create: "2m", update: "2m", delete: "2m" } },
    );
  }

  private open({ annotations, className, host, tls: { clusterIssuer, secretName } }: WebhookIngress): void {
    const issued: Record<string, string> =
      clusterIssuer === undefined ? {} : { "cert-manager.io/cluster-issuer": clusterIssuer };
    const service = { name: RECEIVER_SERVICE, port: { name: "http" } };
    new kubernetes.networking.v1.Ingress(
      "webhook",
      {
        metadata: {
          ...this.metadata(RECEIVER_SERVICE),
          // Nobody waits for an address that a controller of the customer's may never report.
          annotations: { ...takenUp, "pulumi.com/skipAwait": "true", ...issued, ...annotations },
        },
        spec: {
          ...(className === undefined ? {} : { ingressClassName: className }),
          tls: [{ hosts: [host], secretName: secretName ?? `${RECEIVER_SERVICE}-tls` }],
          rules: [{ host, http: { paths: [{ path: HOOK_PREFIX, pathType: "Prefix", backend: { service } }] } }],
        },
      },
      { parent: this },
    );
  }

  private metadata(name: string) {
    const { labels, namespace } = this.args;
    return { name, namespace, labels, annotations: takenUp };
  }
}
