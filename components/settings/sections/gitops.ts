import { z } from "zod";
import { flux } from "../../releases/releases";
import { certificate, dnsLabel, secret, text, version, webAddress } from "../fields";
import { fluxDuration, gitUrl, resources } from "../grammar-fields";
import { imageAutomation } from "./gitops-images";
import { commitStatus, notifications, receiver } from "./gitops-notifications";

const sshHostKey = z
  .string()
  .regex(/^\S+ (ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*$/)
  .meta({ allowed: "a known_hosts line: host, key type, key", example: "git.example.com ssh-ed25519 AAAA..." });

const registration = z.strictObject({
  kind: z.enum(["github", "gitlab"]).describe("Whose API it is."),
  apiUrl: webAddress("https://github.acme.example/api/v3")
    .optional()
    .describe(
      "Address of the API, over TLS; absent for github.com and gitlab.com. A GitHub of the customer's own ends in `/api/v3`, a GitLab in `/api/v4`.",
    ),
  token: secret("a token that may register deploy keys").describe(
    "Token of the API: at GitHub with the permission Administration on the repository, at GitLab with the scope api and the role Maintainer.",
  ),
  caCertificate: certificate().optional().describe("CA of the API's certificate; absent when a public CA signed it."),
});

const authentication = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ssh").describe("A deploy key made in the stack; its public half is an output."),
    knownHosts: z
      .array(sshHostKey)
      .min(1)
      .describe(
        "Pinned keys of the Git server; never scanned at deploy time. With a port, the host is written `[git.example.com]:2222`.",
      ),
    deployKeyGeneration: z
      .int()
      .min(1)
      .max(9999)
      .describe(
        "Rotation number. The key of the next number is there already (output `gitops`): register it, raise the number by one, then remove the old key from the server.",
      )
      .default(1),
    registration: registration
      .optional()
      .describe(
        "Registers the keys by the Git server's API, and removes those of earlier numbers; absent: by hand, from the output `gitops`.",
      ),
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
  url: gitUrl().describe("Address of the repository."),
  branch: text().meta({ example: "main" }).describe("Branch to follow.").default("main"),
  interval: fluxDuration("1m").describe("How often the repository is looked at.").default("1m"),
  timeout: fluxDuration("60s").describe("How long one look may take.").default("60s"),
  authentication: authentication.describe("How Flux logs in."),
});

const kustomization = z.strictObject({
  name: dnsLabel("apps").describe("Name of the Kustomization."),
  repository: dnsLabel("fleet").describe("A name from `repositories`."),
  path: text().meta({ example: "./customers/acme" }).describe("Directory in the repository.").default("./"),
  interval: fluxDuration("10m").describe("How often drift is corrected.").default("10m"),
  timeout: fluxDuration("5m").describe("How long health checks may take.").default("5m"),
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
    manifestSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ allowed: "a SHA-256 as 64 hexadecimal digits" })
      .optional()
      .describe(
        "SHA-256 of the release's `install.yaml`. Needed for another version than the default, and for a manifest that the site put together itself.",
      ),
    namespace: dnsLabel("flux-system").describe("Namespace of the controllers.").default("flux-system"),
    repositories: z.array(repository).min(1).describe("Repositories to follow."),
    kustomizations: z.array(kustomization).min(1).describe("What to apply from them."),
    helmReleases: z.boolean().describe("Installs helm-controller, for HelmReleases in Git.").default(true),
    imageAutomation: imageAutomation.optional(),
    parseReleasedBy: z
      .enum(["program", "handover", "git"])
      .describe(
        "Who releases Parse: this program, or a HelmRelease in Git; never both. From the one to the other only by way of `handover`, in which the program leaves the release as it is. `git` needs a helm-controller: that of `helmReleases`, or another one in the cluster.",
      )
      .default("program"),
    resources: resources({ cpu: "100m", memory: "64Mi" }, { memory: "1Gi" }).describe(
      "CPU and memory of each controller.",
    ),
    notifications,
    commitStatus,
    receiver: receiver.optional(),
    timeoutSeconds: z
      .int()
      .min(10)
      .max(3600)
      .describe("How long `pulumi up` waits until everything in Git is applied, before it says why it is not.")
      .default(600),
    suspend: z.boolean().describe("Stops all reconciliation; the cluster stays as it is.").default(false),
  })
  .describe("Flux, which applies what the customer's Git repositories hold. Absent: no agents.");
