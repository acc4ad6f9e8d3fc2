import { z } from "zod";
import { day, text } from "../fields";

const reason = z
  .string()
  .min(20)
  .meta({ allowed: "at least 20 characters that say why and who decided" })
  .describe("Why, and who decided.");

const policyName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ allowed: "the name of a policy", example: "image-registry-allowed" });

/** Gates that can stop an upgrade; each may be overridden once, with a reason and a last day. */
export const gates = [
  "kubernetes-minor-skipped",
  "rancher-kubernetes-pair",
  "mongodb-major",
  "postgresql-major",
  "parse-major-skipped",
  "flux-minor-lowered",
  "end-of-life",
  "backup-verified",
] as const;

/** Exceptions to policies and overrides of upgrade gates. */
export const policy = z
  .strictObject({
    production: z
      .boolean()
      .describe("Whether the rules for production hold: redundancy, backups outside the cluster, alerts, protection.")
      .default(true),
    exceptions: z
      .array(
        z.strictObject({
          policy: policyName.describe("Name of the policy."),
          resource: text()
            .meta({ example: "acme-store" })
            .describe("Name of the resource, or `*` within a type as `TYPE::*`."),
          reason,
          expires: day().describe("Last day of the exception; after it the policy fails again."),
        }),
      )
      .describe("Where a policy is not to be followed.")
      .default([]),
    overrides: z
      .array(
        z.strictObject({
          gate: z.enum(gates).describe("The gate to open."),
          reason,
          expires: day().describe("Last day of the override."),
        }),
      )
      .describe("Upgrade gates that are opened.")
      .default([]),
    allowedRegistries: z
      .array(text())
      .describe("Registry hosts that images may come from; `sources.images` always may.")
      .default([]),
    allowedRegions: z.array(text()).describe("Cloud regions that may be used; any when empty.").default([]),
    maximumBackupAgeHours: z
      .int()
      .min(1)
      .max(720)
      .describe("An upgrade needs a verified backup not older than this, hours.")
      .default(26),
  })
  .prefault({})
  .describe("Exceptions to policies, overrides of upgrade gates, and thresholds.");
