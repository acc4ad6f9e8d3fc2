/** Alertmanager's configuration. Pure: credentials are files, named here and never given. */
import type { Input } from "@pulumi/pulumi";
import type { Notifications, Receiver } from "./args";
import { credentialFile } from "./names";

/** Receiver of alerts that no other receiver takes; it sends nothing. */
export const NOBODY = "nobody";
/** Receiver of the alert that always fires. */
export const WATCHDOG = "watchdog";

/** Name of the file with a receiver's credential, and the credential; a receiver has one at most. */
function credentialOf(receiver: Receiver): readonly [file: string, credential: Input<string>] | undefined {
  const { name } = receiver;
  switch (receiver.kind) {
    case "slack":
      return [`${name}-webhook-url`, receiver.webhookUrl];
    case "pagerduty":
      return [`${name}-routing-key`, receiver.routingKey];
    case "email":
      return receiver.password === undefined ? undefined : [`${name}-password`, receiver.password];
    case "webhook":
      return receiver.bearerToken === undefined ? undefined : [`${name}-bearer-token`, receiver.bearerToken];
  }
}

/** The credentials of all receivers: file name → credential. */
export function credentialsOf(receivers: readonly Receiver[]): Record<string, Input<string>> {
  return Object.fromEntries(receivers.map(credentialOf).filter((credential) => credential !== undefined));
}

const fileOf = (receiver: Receiver): string => credentialFile(credentialOf(receiver)?.[0] ?? "");

const TITLE = "[{{ .Status | toUpper }}] {{ .CommonLabels.customer }}: {{ .CommonLabels.alertname }}";
const TEXT =
  "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}";

/** A receiver in Alertmanager's configuration. */
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
        // Sent often: the service that receives it raises an alarm when it stops arriving.
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
