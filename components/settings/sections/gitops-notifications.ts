import { z } from "zod";
import { certificate, dnsLabel, secret, text, webAddress } from "../fields";
import { ingress } from "./ingress";

const common = {
  name: dnsLabel("chat", 40).describe("Name of the notification; each name once."),
  severity: z
    .enum(["info", "error"])
    .describe("`error`: only what fails. `info`: every commit that is fetched and applied too.")
    .default("error"),
  repositories: z
    .array(dnsLabel("fleet"))
    .min(1)
    .optional()
    .describe("Names from `repositories`: their news are told, and those of what is applied from them. Absent: all."),
};
const channel = text().meta({ example: "#releases" });

const notification = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("slack").describe("Slack, or another chat that takes its webhooks."),
    ...common,
    webhookUrl: secret("the address of a Slack incoming webhook").describe("Incoming webhook."),
    channel: channel.optional().describe("Channel, where the webhook allows another than its own."),
  }),
  z.strictObject({
    kind: z.literal("msteams").describe("Microsoft Teams."),
    ...common,
    webhookUrl: secret("the address of a Teams workflow webhook").describe("Webhook of a workflow."),
  }),
  z.strictObject({
    kind: z.literal("discord").describe("Discord."),
    ...common,
    webhookUrl: secret("the address of a Discord webhook").describe("Webhook of the channel."),
  }),
  z.strictObject({
    kind: z.literal("googlechat").describe("Google Chat."),
    ...common,
    webhookUrl: secret("the address of a Google Chat webhook").describe("Webhook of the space."),
  }),
  z.strictObject({
    kind: z.literal("rocket").describe("Rocket.Chat."),
    ...common,
    webhookUrl: secret("the address of a Rocket.Chat webhook").describe("Incoming webhook."),
    channel: channel.optional().describe("Channel, where the webhook allows another than its own."),
  }),
  z.strictObject({
    kind: z.literal("matrix").describe("Matrix."),
    ...common,
    homeserver: webAddress("https://matrix.example.com").describe("Address of the home server."),
    room: text().meta({ example: "!room:example.com" }).describe("Room."),
    token: secret("an access token of the home server").describe("Access token of the account that writes."),
  }),
  z.strictObject({
    kind: z.literal("telegram").describe("Telegram."),
    ...common,
    chat: text().meta({ example: "-1001234567890" }).describe("Chat or channel, by its number or name."),
    token: secret("a bot token").describe("Token of the bot."),
  }),
  z.strictObject({
    kind: z.literal("webhook").describe("Any HTTP endpoint that takes Flux's events as JSON."),
    ...common,
    webhookUrl: secret("the address of the endpoint").describe("Where events are posted."),
    hmacKey: secret("a key that the endpoint knows")
      .optional()
      .describe("Signs each event (HMAC-SHA256) in the header `X-Signature`."),
    caCertificate: certificate()
      .optional()
      .describe("CA of the endpoint's certificate; absent when a public CA signed it."),
  }),
]);

/** Who is told what Flux does. */
export const notifications = z
  .array(notification)
  .describe("Who is told what Flux fetches and applies, and what fails.")
  .default([]);

/** Marks at the commits themselves. */
export const commitStatus = z
  .array(
    z.strictObject({
      repository: dnsLabel("fleet").describe("A name from `repositories`."),
      server: z
        .enum(["github", "gitlab", "gitea", "bitbucket", "bitbucketserver", "azuredevops"])
        .describe("What the Git server is."),
      address: webAddress("https://git.example.com/acme/fleet")
        .optional()
        .describe("Web address of the repository. Absent: the one that follows from its `url`."),
      token: secret("a token that may write commit statuses, and nothing else").describe(
        "Token that may write commit statuses; for `bitbucket` as `user:password`.",
      ),
      caCertificate: certificate()
        .optional()
        .describe("CA of the server's certificate; absent when a public CA signed it."),
    }),
  )
  .describe("Marks each commit at the Git server: applied, or not and why.")
  .default([]);

/** The webhook that a push calls. */
export const receiver = z
  .strictObject({
    server: z
      .enum(["github", "gitlab", "gitea", "bitbucketserver", "other"])
      .describe("What calls. `other`: a script that signs the body (HMAC-SHA256) in the header `X-Signature`."),
    repositories: z
      .array(dnsLabel("fleet"))
      .min(1)
      .optional()
      .describe("Names from `repositories`: those that are looked at when the server calls. Absent: all."),
    tokenGeneration: z
      .int()
      .min(1)
      .max(9999)
      .describe("Rotation number of the token, and of the address, which is made from it.")
      .default(1),
    ingress: ingress("hooks")
      .optional()
      .describe("Public way in. Absent: the Service `webhook-receiver` is reachable inside the cluster only."),
  })
  .describe("A webhook that has Flux look at once when something is pushed. Absent: Flux looks every `interval`.");
