/** The webhook's address, and what to enter at which Git server. Pure. */
import { createHash } from "node:crypto";
import type { WebhookSettings, WebhookSummary } from "./notification-args";

/** Name of the Receiver. */
export const RECEIVER = "push";
/** Name of the Service that takes the calls, as released. */
export const RECEIVER_SERVICE = "webhook-receiver";
/** What every path begins with. */
export const HOOK_PREFIX = "/hook/";

interface CallingServer {
  /** Flux's word for the way of signing: https://fluxcd.io/flux/components/notification/receivers/#type */
  readonly type: string;
  /** Calls that are heeded. Default: all. */
  readonly events?: readonly string[];
}

/** What calls, and how Flux makes sure of it. Gitea signs as GitHub does. */
export const callingServers: Readonly<Record<WebhookSettings["server"], CallingServer>> = {
  github: { type: "github", events: ["ping", "push"] },
  gitlab: { type: "gitlab", events: ["Push Hook"] },
  gitea: { type: "github", events: ["push"] },
  bitbucketserver: { type: "bitbucket", events: ["diagnostics:ping", "repo:refs_changed"] },
  other: { type: "generic-hmac" },
};

/** The path that Flux makes from the token: `GetWebhookPath` in notification-controller's api/v1/receiver_types.go. */
export function webhookPath(token: string, namespace: string): string {
  return HOOK_PREFIX + createHash("sha256").update(`${token}${RECEIVER}${namespace}`).digest("hex");
}

/** The webhook as outputs show it. */
export function webhookSummary(
  {
    ingress,
    server,
  }: { readonly ingress: { readonly host: string } | undefined; readonly server: WebhookSettings["server"] },
  token: string,
  namespace: string,
): WebhookSummary {
  const path = webhookPath(token, namespace);
  const origin = ingress ? `https://${ingress.host}` : `http://${RECEIVER_SERVICE}.${namespace}.svc.cluster.local`;
  const url = `${origin}${path}`;
  return { path, url, token, line: LINES[server](url, token) };
}

const LINES: Readonly<Record<WebhookSettings["server"], (url: string, token: string) => string>> = {
  github: (url, token) =>
    `Settings → Webhooks → Add webhook: Payload URL ${url} | Content type application/json | Secret ${token} | Just the push event`,
  gitlab: (url, token) => `Settings → Webhooks → Add new webhook: URL ${url} | Secret token ${token} | Push events`,
  gitea: (url, token) =>
    `Settings → Webhooks → Add webhook → Gitea: Target URL ${url} | POST | application/json | Secret ${token} | Push events`,
  bitbucketserver: (url, token) =>
    `Repository settings → Webhooks → Create webhook: URL ${url} | Secret ${token} | Repository: Push`,
  // The last line of a bare repository's hooks/post-receive; the body is signed, whatever it is.
  other: (url, token) =>
    `curl --fail --silent --show-error --data pushed --header "X-Signature: sha256=$(printf pushed | openssl dgst -sha256 -hmac ${token} -r | cut -d' ' -f1)" ${url}`,
};
