/** Alertmanager's configuration. Pure: credentials are files, named here and never given. */
import type { Notifications, Receiver } from "./args";
import { credentialFile } from "./names";

/** Gets what nobody asked for, and tells nobody. */
export const NOBODY = "nobody";
/** Gets the alert that always fires. */
export const WATCHDOG = "watchdog";

/** What of a receiver is a credential: the file's name → the receiver's property. */
function credentialOf(receiver: Receiver): { key: string; property: string } | undefined {
  const { kind, name } = receiver;
  if (kind === "slack") return { key: `${name}-webhook-url`, property: "webhookUrl" };
  if (kind === "pagerduty") return { key: `${name}-routing-key`, property: "routingKey" };
  if (kind === "email" && receiver.password !== undefined) return { key: `${name}-password`, property: "password" };
  if (kind === "webhook" && receiver.bearerToken !== undefined)
    return { key: `${name}-bearer-token`, property: "bearerToken" };
  return undefined;
}

/** The credentials of all receivers: file name → value, as the settings hold it. */
export function credentialsOf<Text>(receivers: readonly Receiver[]): Record<string, Text> {
  return Object.fromEntries(
    receivers.flatMap((receiver) => {
      const credential = credentialOf(receiver);
      return credential ? [[credential.key, Reflect.get(receiver, credential.property) as Text]] : [];
    }),
  );
}

const fileOf = (receiver: Receiver): string => credentialFile(credentialOf(receiver)?.key ?? "");

const TITLE = "[{{ .Status | toUpper }}] {{ .CommonLabels.customer }}: {{ .CommonLabels.alertname }}";
const TEXT =
  "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}";

/** One receiver in Alertmanager's words. */
function receiverOf(receiver: Receiver): Record<string, unknown> {
  const { name } = receiver;
  switch (receiver.kind) {
    case "slack":
      return {
        name,
        slack_configs: [
          { api_url_file: fileOf(receiver), channel: receiver.channel, send_resolved: true, title: TITLE, text: TEXT },
        ],
      };
    case "email":
      return { name, email_configs: [emailOf(receiver)] };
    case "pagerduty":
      return {
        name,
        pagerduty_configs: [
          {
            routing_key_file: fileOf(receiver),
            send_resolved: true,
            description: TITLE,
            severity: "{{ .CommonLabels.severity }}",
          },
        ],
      };
    case "webhook": {
      const authorization = { type: "Bearer", credentials_file: fileOf(receiver) };
      const login = receiver.bearerToken === undefined ? {} : { http_config: { authorization } };
      return { name, webhook_configs: [{ url: receiver.url, send_resolved: true, ...login }] };
    }
  }
}

function emailOf(receiver: Extract<Receiver, { kind: "email" }>): Record<string, unknown> {
  const { from, password, requireTls, smarthost, to, username } = receiver;
  return {
    to: to.join(", "),
    from,
    smarthost,
    // On this port TLS begins with the connection, which Alertmanager knows; asked for, STARTTLS would have to come on top.
    require_tls: requireTls && !smarthost.endsWith(":465"),
    send_resolved: true,
    ...(username === undefined ? {} : { auth_username: username }),
    ...(password === undefined ? {} : { auth_password_file: fileOf(receiver) }),
    headers: { Subject: TITLE },
    text: TEXT,
  };
}

/**
 * Alertmanager's configuration.
 * See https://prometheus.io/docs/alerting/latest/configuration/
 */
export function alertmanagerConfiguration(notifications: Notifications): Record<string, unknown> {
  const { groupInterval, groupWait, receivers, repeatInterval, watchdogUrl } = notifications;
  const watchdog = { receiver: watchdogUrl === undefined ? NOBODY : WATCHDOG, matchers: ['alertname="Watchdog"'] };
  return {
    route: {
      receiver: NOBODY,
      group_by: ["alertname", "namespace"],
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: repeatInterval,
      routes: [
        // Whoever listens for it must hear it often: silence is the news.
        { ...watchdog, group_wait: "0s", group_interval: "1m", repeat_interval: "1m" },
        ...receivers.map(({ name, severities }) => ({
          receiver: name,
          matchers: [`severity=~"${severities.join("|")}"`],
          continue: true,
        })),
      ],
    },
    receivers: [
      { name: NOBODY },
      ...(watchdogUrl === undefined
        ? []
        : [{ name: WATCHDOG, webhook_configs: [{ url: watchdogUrl, send_resolved: false }] }]),
      ...receivers.map(receiverOf),
    ],
  };
}
