/** Specifications of Flux's Providers and Alerts. Pure. */
import type { Input } from "@pulumi/pulumi";
import type { Kustomization } from "./args";
import type { CommitStatus, Notification } from "./notification-args";

/** Group of the APIs of notification-controller. */
export const NOTIFICATION_GROUP = "notification.toolkit.fluxcd.io";

/** A Provider without its Secret: https://fluxcd.io/flux/components/notification/providers/ */
export interface ProviderContent {
  /** Flux's word for the kind. */
  readonly type: string;
  readonly address?: string;
  readonly channel?: string;
  /** Files of the Secret: name → text. */
  readonly files: Readonly<Record<string, Input<string>>>;
}

/** Where a notification goes. Addresses that whoever knows them can write to are in the Secret. */
export function providerOf(notification: Notification): ProviderContent {
  switch (notification.kind) {
    case "matrix": {
      const { homeserver, room, token } = notification;
      return { type: "matrix", address: homeserver, channel: room, files: { token } };
    }
    case "telegram":
      return { type: "telegram", channel: notification.chat, files: { token: notification.token } };
    case "webhook": {
      const { caCertificate, hmacKey, webhookUrl } = notification;
      const files = { address: webhookUrl, ...authority(caCertificate) };
      if (hmacKey === undefined) return { type: "generic", files };
      return { type: "generic-hmac", files: { ...files, token: hmacKey } };
    }
    case "slack":
    case "rocket": {
      const { channel, kind, webhookUrl } = notification;
      return { type: kind, ...(channel === undefined ? {} : { channel }), files: { address: webhookUrl } };
    }
    default:
      return { type: notification.kind, files: { address: notification.webhookUrl } };
  }
}

/** The place where a commit is marked. */
export function statusProviderOf({ address, caCertificate, server, token }: CommitStatus, url: string) {
  const files = { token, ...authority(caCertificate) };
  return { type: server, address: address ?? webAddressOf(url), files } satisfies ProviderContent;
}

function authority(caCertificate: string | undefined): Record<string, string> {
  return caCertificate === undefined ? {} : { "ca.crt": caCertificate };
}

/** Web address of a repository, from the address that Git uses. */
export function webAddressOf(url: string): string {
  const { host, pathname, protocol } = new URL(url);
  return `${protocol === "ssh:" ? "https:" : protocol}//${host}${pathname.replace(/\.git\/?$/, "")}`;
}

/** Specification of a Provider. */
export function providerSpec({ address, channel, files, type }: ProviderContent, secretName: string) {
  return {
    type,
    ...(address === undefined ? {} : { address }),
    ...(channel === undefined ? {} : { channel }),
    secretRef: { name: secretName },
    ...("ca.crt" in files ? { certSecretRef: { name: secretName } } : {}),
  };
}

/** What an Alert listens to. */
export interface EventSource {
  readonly kind: "GitRepository" | "Kustomization";
  readonly name: string;
}

/** The news of repositories: what is fetched, and what is applied from them. */
export function newsOf(
  { kustomizations }: { readonly kustomizations: readonly Kustomization[] },
  names: readonly string[],
): EventSource[] {
  const fetched = names.map((name) => ({ kind: "GitRepository" as const, name }));
  const applied = kustomizations.filter(({ repository }) => names.includes(repository));
  return [...fetched, ...applied.map(({ name }) => ({ kind: "Kustomization" as const, name }))];
}

/** Specification of an Alert; whoever is told learns which customer it is. */
export function alertSpec(customer: string, severity: "info" | "error", eventSources: readonly EventSource[]) {
  return { eventSeverity: severity, eventSources: [...eventSources], eventMetadata: { customer } };
}
