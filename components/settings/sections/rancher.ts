import { z } from "zod";
import { images } from "../../releases/releases";
import { certificate, dnsLabel, hostName, rangeV4, secret, text, version } from "../fields";

const tls = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z
        .literal("letsencrypt")
        .describe(
          "A certificate from Let's Encrypt, renewed by Rancher; opens port 80 to everyone and needs public DNS.",
        ),
    }),
    z.strictObject({
      kind: z.literal("provided").describe("A certificate that the customer gives."),
      certificate: certificate().describe("Certificate for `hostname`, followed by its intermediates."),
      privateKey: secret("the PEM private key of the certificate").describe("Private key of the certificate."),
      caCertificate: certificate()
        .optional()
        .describe("The private CA that signed the certificate; absent when a public CA did."),
    }),
    z.strictObject({
      kind: z.literal("selfSigned").describe("A CA and a certificate made in the stack; clients are given the CA."),
      validityDays: z.int().min(30).max(825).describe("How long the certificate is valid, days.").default(397),
    }),
  ])
  .describe("Certificate of Rancher's address.");

const snapshots = z
  .strictObject({
    hourUtc: z.int().min(0).max(23).describe("Hour of the daily snapshot, UTC.").default(1),
    retentionDays: z.int().min(1).max(365).describe("How long a snapshot is kept, days.").default(14),
  })
  .prefault({})
  .describe("Snapshots of the data disk.");

/** The Rancher server on a VM of its own. */
export const rancher = z
  .strictObject({
    hostname: hostName("rancher.acme.example.com").describe(
      "Name under which people and clusters reach Rancher. Never change it later.",
    ),
    version: version("2.14.4")
      .describe("Rancher version; the Kubernetes version must be one it supports.")
      .default(images.rancher.tag.slice(1)),
    project: text()
      .meta({ allowed: "a Google Cloud project id", example: "acme-platform" })
      .optional()
      .describe("Google Cloud project of the VM; the cluster's when absent. Needed for an `existing` cluster."),
    zone: z
      .string()
      .regex(/^[a-z]+-[a-z]+[0-9]+-[a-z]$/)
      .meta({ allowed: "a Google Cloud zone", example: "europe-west3-a" })
      .describe("Zone of the VM and its data disk."),
    machineType: text().meta({ example: "e2-standard-4" }).describe("Machine type of the VM.").default("e2-standard-4"),
    dataDiskSizeGb: z.int().min(20).max(65536).describe("Data disk, GB. It can grow, not shrink.").default(50),
    snapshots,
    networkRange: rangeV4("10.0.0.0/24")
      .describe("Addresses of the VM's subnet. It can become a range that holds this one.")
      .default("10.0.0.0/24"),
    allowedRanges: z
      .array(rangeV4("203.0.113.0/24"))
      .min(1)
      .describe(
        "Who may reach Rancher's port 443, the machine that runs `pulumi` among them. The address of a GKE cluster of this stack is added; name that of an `existing` cluster here.",
      ),
    tls,
    dns: z
      .strictObject({
        managedZone: dnsLabel("acme-example-com").describe("Cloud DNS managed zone that `hostname` belongs to."),
        project: text().optional().describe("Project of the zone; Rancher's when absent."),
        ttlSeconds: z.int().min(30).max(86400).describe("Time to live of the record, seconds.").default(300),
      })
      .optional()
      .describe("DNS record to make; absent when the customer makes it (the address is an output)."),
    googleServiceAccountKey: secret("the JSON key file of a Google service account")
      .optional()
      .describe(
        "Key with which Rancher reaches Google Cloud. Without it, a service account with the roles that an import needs is made, with a key of its own.",
      ),
    deletionProtection: z
      .boolean()
      .describe(
        "Refuses to delete or replace the VM, its data disk and its address; set it to false and run `pulumi up` before a `pulumi destroy`, or before a change of `project`, `zone` or `hostname`.",
      )
      .default(true),
  })
  .describe("The Rancher server on a Google Cloud VM of its own. Absent: no Rancher.");
