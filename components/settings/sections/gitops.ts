import { z } from "zod";
import { flux } from "../../releases";
import { certificate, dnsLabel, duration, hostName, secret, text, version } from "../fields";

const sshHostKey = z
  .string()
  .regex(/^\S+ (ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*$/)
  .meta({ allowed: "a known_hosts line: host, key type, key", example: "git.example.com ssh-ed25519 AAAA..." });

const authentication = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ssh").describe("A deploy key made in the stack; its public half is an output."),
    knownHosts: z.array(sshHostKey).min(1).describe("Pinned keys of the Git server; never scanned at deploy time."),
    deployKeyGeneration: z
      .int()
      .min(1)
      .max(9999)
      .describe(
        "Rotation number: raise it by one and a new key is made; the old one stays valid until it is removed from the server.",
      )
      .default(1),
    writeAccess: z.boolean().describe("The key may push. Only image automation needs it.").default(false),
  }),
  z.strictObject({
    kind: z.literal("https").describe("User name and token."),
    username: text().describe("User name; many servers take any.").default("git"),
    token: secret("an access token of the Git server").describe("Access token."),
    caCertificate: certificate()
      .optional()
      .describe("CA of the server's certificate; absent when a public CA signed it."),
  }),
  z.strictObject({ kind: z.literal("anonymous").describe("A public repository.") }),
]);

const repository = z.strictObject({
  name: dnsLabel("fleet").describe("Name of the GitRepository."),
  url: z
    .string()
    .regex(/^(ssh:\/\/[^\s/@]+@[^\s/:@]+(:[0-9]+)?\/\S+|https?:\/\/[^\s/@]+\/\S+)$/)
    .meta({
      allowed: "ssh://user@host/path (not git@host:path) or https://host/path without credentials",
      example: "ssh://git@git.example.com/acme/fleet.git",
    })
    .describe("Address of the repository."),
  branch: text().meta({ example: "main" }).describe("Branch to follow.").default("main"),
  interval: duration("1m").describe("How often the repository is looked at.").default("1m"),
  authentication: authentication.describe("How Flux logs in."),
});

const kustomization = z.strictObject({
  name: dnsLabel("apps").describe("Name of the Kustomization."),
  repository: dnsLabel("fleet").describe("A name from `repositories`."),
  path: text().meta({ example: "./customers/acme" }).describe("Directory in the repository.").default("./"),
  interval: duration("10m").describe("How often drift is corrected.").default("10m"),
  timeout: duration("5m").describe("How long health checks may take.").default("5m"),
  prune: z.boolean().describe("Deletes from the cluster what was deleted from Git.").default(true),
  wait: z.boolean().describe("Ready only when everything applied is healthy.").default(true),
  targetNamespace: dnsLabel("apps").optional().describe("Namespace put on everything; as the files say when absent."),
  dependsOn: z.array(dnsLabel("infrastructure")).describe("Kustomizations that must be ready first.").default([]),
  suspend: z.boolean().describe("Leaves the cluster as it is.").default(false),
});

/** Flux: updates triggered from the customer's Git repository. */
export const gitops = z
  .strictObject({
    version: version(flux.version).describe("Flux version.").default(flux.version),
    namespace: dnsLabel("flux-system").describe("Namespace of the controllers.").default("flux-system"),
    repositories: z.array(repository).min(1).describe("Repositories to follow."),
    kustomizations: z.array(kustomization).min(1).describe("What to apply from them."),
    parseReleasedBy: z
      .enum(["program", "git"])
      .describe("Who releases Parse: this program, or a HelmRelease in Git; never both.")
      .default("program"),
    imageUpdates: z
      .strictObject({
        repository: dnsLabel("fleet").describe("A name from `repositories`; its key needs `writeAccess`."),
        path: text().describe("Directory whose image tags are updated.").default("./"),
        interval: duration("10m").describe("How often registries are looked at.").default("10m"),
        author: text().describe("Author of the commits.").default("flux"),
      })
      .optional()
      .describe("Commits new image tags to Git. Absent: off."),
    receiver: z
      .strictObject({
        host: hostName("flux.acme.example.com").describe("Public host name of the webhook."),
        type: z.enum(["github", "gitlab", "bitbucket", "generic-hmac"]).describe("What sends it.").default("github"),
        secretGeneration: z.int().min(1).max(9999).describe("Rotation number of the shared secret.").default(1),
      })
      .optional()
      .describe("Webhook, so that a push is applied at once. Absent: only by interval."),
    notifications: z
      .array(
        z.strictObject({
          name: dnsLabel("commit-status").describe("Name of the provider."),
          kind: z.enum(["github", "gitlab", "slack", "msteams", "generic"]).describe("What is told."),
          address: text().optional().describe("Repository for a commit status; address of the chat otherwise."),
          channel: text().optional().describe("Channel of the chat."),
          token: secret("a token of the service").describe("Token or webhook address."),
        }),
      )
      .describe("Commit statuses and chat messages.")
      .default([]),
    suspend: z.boolean().describe("Stops all reconciliation; the cluster stays as it is.").default(false),
  })
  .describe("Flux, which applies what the customer's Git repositories hold. Absent: no agents.");
