import { z } from "zod";
import { dnsLabel, email, secret, text } from "../fields";
import { fluxDuration } from "../grammar-fields";

const order = z
  .enum(["asc", "desc"])
  .describe("`asc` takes the highest or last, `desc` the lowest or first.")
  .default("asc");

const policy = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("semver").describe("Versions; the highest within a range."),
    range: text().meta({ example: "9.x" }).describe("Range of versions, such as `>=9.1.0 <10.0.0`."),
  }),
  z.strictObject({ kind: z.literal("numerical").describe("Numbers, such as a build's."), order }),
  z.strictObject({ kind: z.literal("alphabetical").describe("Texts, such as times that sort as text."), order }),
]);

const image = z.strictObject({
  name: dnsLabel("parse-server").describe(
    "Name of the ImageRepository and of the ImagePolicy, which markers in Git name.",
  ),
  image: z
    .string()
    .regex(/^[a-z0-9][^\s:@]*(:[0-9]+\/[^\s:@]+)?$/)
    .meta({ allowed: "registry and path without a tag", example: "registry.example.com/acme/parse-server" })
    .describe("Image whose tags are looked at."),
  interval: fluxDuration("5m").describe("How often the registry is looked at.").default("5m"),
  policy: policy.describe("How the newest tag is told."),
  filterTags: z
    .strictObject({
      pattern: text()
        .meta({ example: "^main-[0-9a-f]+-(?P<build>[0-9]+)$" })
        .describe("Regular expression of the tags that count."),
      extract: text().meta({ example: "$build" }).optional().describe("What of a tag is compared; absent: all of it."),
    })
    .optional()
    .describe("Which tags count; absent: all."),
  credentials: secret("a Docker config.json with the registry's credentials")
    .optional()
    .describe("Docker `config.json` with the registry's credentials; absent where none are needed."),
});

const update = z.strictObject({
  name: dnsLabel("fleet").describe("Name of the ImageUpdateAutomation."),
  repository: dnsLabel("fleet").describe("A name from `repositories`; its login has to be one that may push."),
  path: text().meta({ example: "./customers/acme" }).describe("Directory whose files are updated.").default("./"),
  interval: fluxDuration("30m")
    .describe("How often the branch is looked at beside the changes of policies.")
    .default("30m"),
  author: z
    .strictObject({
      name: text().describe("Name.").default("Flux"),
      email: email("flux@acme.example.com").describe("E-mail address."),
    })
    .describe("Who the commits are by."),
  commitMessage: text()
    .describe("Go template of the message; `.Changed.Changes` are the values that were replaced.")
    .default("Update images\n\n{{ range .Changed.Changes }}{{ .OldValue }} -> {{ .NewValue }}\n{{ end }}"),
  pushBranch: text()
    .meta({ example: "image-updates" })
    .optional()
    .describe("Branch that is pushed to, for somebody to merge; absent: the branch that is followed."),
});

/** Commits of newer image tags. */
export const imageAutomation = z
  .strictObject({
    images: z.array(image).min(1).describe("Images that are looked at."),
    updates: z.array(update).min(1).describe("Where newer tags are committed."),
  })
  .describe(
    "Commits newer tags of images to Git; the only part of GitOps that needs a login which may push. Absent: nobody does.",
  );
