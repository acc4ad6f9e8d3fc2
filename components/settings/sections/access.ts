import { z } from "zod";
import { dnsLabel, text } from "../fields";

const rule = z.strictObject({
  apiGroups: z.array(z.string()).describe('API groups; `""` is the core group.').default([""]),
  resources: z.array(text()).min(1).describe("Resources, such as `pods` or `pods/log`."),
  verbs: z
    .array(z.enum(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]))
    .min(1)
    .describe("What may be done with them."),
});

const role = z.strictObject({
  name: dnsLabel("log-reader").describe("Name of the role, for use in `members`."),
  context: z.enum(["cluster", "project"]).describe("What the role is granted on.").default("project"),
  rules: z.array(rule).min(1).describe("What the role allows."),
});

const user = z.strictObject({
  name: dnsLabel("jane").describe("Login name."),
  displayName: text().optional().describe("Name shown in Rancher; the login name when absent."),
  enabled: z.boolean().describe("False locks the account and keeps its memberships.").default(true),
  initialPassword: z
    .string()
    .min(12)
    .meta({ secret: true, allowed: "at least 12 characters, as a secret" })
    .brand<"secret">()
    .optional()
    .describe("First password; generated when absent. It must be changed at the first login."),
});

const member = z.strictObject({
  user: dnsLabel("jane").optional().describe("A name from `users`. Give this or `group`."),
  group: text()
    .meta({ example: "okta_group://platform-operators" })
    .optional()
    .describe("Principal id of a group of the customer's identity provider. Give this or `user`."),
  role: text()
    .meta({ allowed: "a role of Rancher's or a name from `roles`", example: "project-member" })
    .describe(
      "`cluster-owner`, `cluster-member`, `project-owner`, `project-member`, `read-only`, `monitoring-ui-view`, or a name from `roles`.",
    ),
});

/** People and what they may do, in Rancher. */
export const access = z
  .strictObject({
    project: dnsLabel("application")
      .describe("Rancher project that holds the application's namespaces.")
      .default("application"),
    users: z.array(user).describe("Local users. One that is taken out here is taken out of Rancher.").default([]),
    roles: z.array(role).describe("Roles of the customer's own.").default([]),
    members: z.array(member).describe("Who has which role.").default([]),
  })
  .describe("Users, roles and memberships in Rancher. Needs `rancher`.");
