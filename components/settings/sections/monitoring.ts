import { z } from "zod";
import { dnsLabel, email, hostName, secret, text, webAddress } from "../fields";
import { hostAndPort, prometheusDuration, resources, retentionSize, volumeSize } from "../grammar-fields";

const severities = z
  .array(z.enum(["critical", "warning", "info"]))
  .min(1)
  .describe("Alerts that this receiver gets.")
  .default(["critical", "warning"]);

const receiverName = dnsLabel("on-call").describe("Name of the receiver; each name once.");

const receiver = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("slack").describe("A Slack channel."),
    name: receiverName,
    severities,
    channel: text().meta({ allowed: "a channel with its #, in quotes", example: "#alerts" }).describe("Channel."),
    webhookUrl: secret("the address of a Slack incoming webhook").describe("Incoming webhook."),
  }),
  z.strictObject({
    kind: z.literal("email").describe("E-mail through the customer's relay."),
    name: receiverName,
    severities,
    to: z.array(email()).min(1).describe("Who is written to."),
    from: email("alerts@example.com").describe("Sender."),
    smarthost: hostAndPort().describe(
      "Mail relay. On port 465 TLS begins with the connection, elsewhere with STARTTLS.",
    ),
    username: text().optional().describe("User name at the relay."),
    password: secret("the password at the mail relay").optional().describe("Password at the relay."),
    requireTls: z.boolean().describe("Refuses to send without TLS.").default(true),
  }),
  z.strictObject({
    kind: z.literal("pagerduty").describe("PagerDuty, Events API v2."),
    name: receiverName,
    severities,
    routingKey: secret("a PagerDuty integration key").describe("Integration key."),
  }),
  z.strictObject({
    kind: z.literal("webhook").describe("Any HTTP endpoint that takes Alertmanager's JSON."),
    name: receiverName,
    severities,
    url: webAddress("https://alerts.example.com/hook").describe("Where alerts are posted."),
    bearerToken: secret("a token").optional().describe("Token sent in the Authorization header."),
  }),
]);

/** Prometheus, Alertmanager, Grafana, and who is told. */
export const monitoring = z
  .strictObject({
    namespace: dnsLabel("monitoring", 55)
      .describe("Namespace; under Rancher it is always `cattle-monitoring-system`.")
      .default("monitoring"),
    chartVersion: text()
      .meta({ allowed: "an exact chart version", example: "109.0.0+up80.9.1-rancher.5" })
      .optional()
      .describe(
        "Chart version. Absent: the one pinned for the Rancher line (its catalogue's newest where none is), or the pinned kube-prometheus-stack.",
      ),
    retentionDays: z.int().min(1).max(400).describe("How long metrics are kept, days.").default(15),
    retentionSize: retentionSize("40Gi")
      .describe("Metrics are dropped beyond this size; must leave a tenth of the volume free.")
      .default("40Gi"),
    storageSize: volumeSize("50Gi").describe("Volume of Prometheus.").default("50Gi"),
    storageClass: dnsLabel("premium-rwo").optional().describe("StorageClass; the cluster's default when absent."),
    scrapeInterval: prometheusDuration("30s", { least: "1s", most: "4m" })
      .describe("How often metrics are read. Prometheus forgets a value after five minutes.")
      .default("30s"),
    resources: resources({ cpu: "500m", memory: "1536Mi" }, { memory: "3Gi" }),
    receivers: z.array(receiver).describe("Who is told of alerts. None gives a warning at every run.").default([]),
    groupWait: prometheusDuration("30s", { least: "0s" })
      .describe("How long the first alert of a group waits for others.")
      .default("30s"),
    groupInterval: prometheusDuration("5m").describe("How long until news of a group are sent.").default("5m"),
    repeatInterval: prometheusDuration("4h")
      .describe("How long until an alert that goes on is sent again.")
      .default("4h"),
    watchdogUrl: webAddress("https://deadman.example.com/acme")
      .optional()
      .describe("Where the always-firing Watchdog alert is posted, so that silence is noticed outside."),
    runbooksUrl: webAddress("https://wiki.example.com/platform/runbooks")
      .optional()
      .describe("Where `docs/runbooks` is published; links in alerts begin with it. Absent: the path in this project."),
    grafana: z
      .strictObject({
        enabled: z.boolean().describe("Installs Grafana with our dashboards.").default(true),
        host: hostName("grafana.acme.example.com")
          .optional()
          .describe("Public host name; without it Grafana is reached by port-forward or through Rancher."),
        secretGeneration: z.int().min(1).max(9999).describe("Rotation number of the admin password.").default(1),
      })
      .prefault({})
      .describe("Grafana."),
  })
  .describe("Prometheus, Alertmanager and Grafana. Absent: no monitoring.");
