import { z } from "zod";
import { access } from "./sections/access";
import { backup } from "./sections/backup";
import { cluster } from "./sections/cluster";
import { customer } from "./sections/customer";
import { gitops } from "./sections/gitops";
import { monitoring } from "./sections/monitoring";
import { parse } from "./sections/parse";
import { policy } from "./sections/policy";
import { rancher } from "./sections/rancher";
import { site } from "./sections/site";
import { sources } from "./sections/sources";

/** Every section of the namespace `onprem`, in the order in which a reader meets them. */
export const settingsSchema = z.strictObject({
  customer,
  cluster,
  rancher: rancher.optional(),
  access: access.optional(),
  monitoring: monitoring.optional(),
  parse,
  gitops: gitops.optional(),
  backup: backup.optional(),
  sources: sources.prefault({}),
  site: site.prefault({}),
  policy,
});

/** Settings with their defaults, secrets still as text; only the loader sees these. */
export type OpenSettings = z.output<typeof settingsSchema>;

/** Name of a section. */
export type SectionName = keyof OpenSettings;

/** Namespace of the settings in `Pulumi.<stack>.yaml`. */
export const NAMESPACE = "onprem";
