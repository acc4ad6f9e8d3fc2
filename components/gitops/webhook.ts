import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { certificateSecret, type Ingress, issuerAnnotations } from "../kubernetes/ingress";
import { objectMetadata, skipAwait } from "../kubernetes/object-metadata";
import { createSecret } from "../kubernetes/secret";
import type { WebhookSettings, WebhookSummary } from "./notification-args";
import { NOTIFICATION_GROUP } from "./notification-objects";
import { RECONCILE_REQUEST } from "./readiness";
import { callingServers, HOOK_PREFIX, RECEIVER, RECEIVER_SERVICE, webhookSummary } from "./webhook-lines";

const TOKEN_LENGTH = 40;

/** Arguments of {@link Webhook}. */
export interface WebhookArgs extends WebhookSettings {
  /** Namespace of Flux. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
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
    const metadata = objectMetadata("webhook-token", this.args);
    return createSecret("webhook-token", { metadata, type: "Opaque", texts: { token } }, { parent: this });
  }

  private receive(secret: kubernetes.core.v1.Secret): void {
    const { repositories, server, tokenGeneration } = this.args;
    const { events, type } = callingServers[server];
    // With another token Flux makes the new path at once, and `up` waits for it.
    const request = String(tokenGeneration);
    const annotations = {
      [RECONCILE_REQUEST]: request,
      "pulumi.com/waitFor": JSON.stringify(["condition=Ready", `jsonpath={.status.lastHandledReconcileAt}=${request}`]),
    };
    new kubernetes.apiextensions.CustomResource(
      "receiver",
      {
        apiVersion: `${NOTIFICATION_GROUP}/v1`,
        kind: "Receiver",
        metadata: objectMetadata(RECEIVER, this.args, annotations),
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

  private open(ingress: Ingress): void {
    const { className, host } = ingress;
    const annotations = { ...skipAwait, ...issuerAnnotations(ingress), ...ingress.annotations };
    const service = { name: RECEIVER_SERVICE, port: { name: "http" } };
    new kubernetes.networking.v1.Ingress(
      "webhook",
      {
        // No wait for an address: the customer's ingress controller may never report one.
        metadata: objectMetadata(RECEIVER_SERVICE, this.args, annotations),
        spec: {
          ...(className === undefined ? {} : { ingressClassName: className }),
          tls: [{ hosts: [host], secretName: certificateSecret(ingress, RECEIVER_SERVICE) }],
          rules: [{ host, http: { paths: [{ path: HOOK_PREFIX, pathType: "Prefix", backend: { service } }] } }],
        },
      },
      { parent: this },
    );
  }
}
