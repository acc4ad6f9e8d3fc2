import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { supportedProducts } from "../components/releases/ends-of-life";
import { accepted } from "./accepted";
import type { PolicyDefinition, ThresholdSchema } from "./definition";
import { gates } from "./gates";
import { chapters, policies } from "./policies";
import { projectRoot } from "./project";

/** Where the page stands in the project. */
export const REFERENCE_PAGE = "docs/policies.md";

const HEAD = `<!-- Generated from policy/ by \`node dist/policy/reference.js\`; do not edit. -->
# Policies

The pack \`policy/\` holds what the platform must never be, and which upgrades are refused.
A **mandatory** policy fails \`preview\`, and \`up\` in the preview that it begins with, before anything is changed; with
\`--skip-preview\` it holds back the resource that violates it, and what depends on that. An **advisory** one warns.

\`\`\`
pulumi preview --policy-pack "$PWD/policy/onprem-policies"   # as a program, which starts faster; give the whole path
pulumi preview --policy-pack policy                          # as a folder, by the engine's language host
pulumi stack export | node dist/policy/audit.js              # over what is deployed
\`\`\`

- The engine looks for a program by a relative path in \`dist/\`, where the platform's program runs, hence the whole path.
- Every message names the resource, the property and the fix.
- What a preview cannot know yet leaves a policy undecided, which is shown as an advice; \`pulumi up\` asks it again
  before the resource is made.
- A policy that fails itself stops the run and says so. It never counts as passed.
- Thresholds are set with \`--policy-pack-config FILE\`: \`{"firewall-not-open": {"publicPorts": [443]}}\`. What the
  settings say (\`onprem:policy\`) adds to them.
- Exceptions and overrides: [gates.md](gates.md). A new policy: [adding-a-policy.md](adding-a-policy.md).

## How policies see a Helm release

A release hides its objects from policies. The pack renders this project's own charts with the release's values, by the
\`helm\` on PATH or the one that \`ONPREM_HELM\` names, and judges the result like any other object. Where that is not
possible, the policy \`charts-rendered\` fails; nothing is passed over. Charts of others are judged by their values, and
their objects by the namespaces they run in: Pod Security Admission and NetworkPolicies bind those too.
`;

function thresholds({ thresholds: schemas }: PolicyDefinition): string[] {
  const entries = Object.entries<ThresholdSchema<unknown>>(schemas ?? {});
  if (entries.length === 0) return [];
  const rows = entries.map(
    ([name, { type, description, default: value }]) =>
      `- threshold \`${name}\` (${type}, default \`${JSON.stringify(value)}\`): ${description}`,
  );
  return [...rows, ""];
}

function section(policy: PolicyDefinition): string {
  const { name, version, reference, specification } = policy.framework;
  const origin = name === "ours" ? `ours: ${specification}` : `${name} ${version} ${reference}: ${specification}`;
  return [
    `### ${policy.name}`,
    "",
    policy.description,
    "",
    `- ${policy.level}, severity ${policy.severity}, on ${subject(policy)}`,
    `- ${origin} ([why](${policy.link}))`,
    `- fix: ${policy.remedy}`,
    ...thresholds(policy),
    ...(policy.thresholds ? [] : [""]),
  ].join("\n");
}

function subject(policy: PolicyDefinition): string {
  if (policy.looksAt === "stack") return "the whole stack";
  if (policy.looksAt === "manifest") return policy.kinds.join(", ");
  return typeof policy.types === "function" ? "cloud resources" : policy.types.map((type) => `\`${type}\``).join(", ");
}

function supportTable(): string {
  const rows = Object.values(supportedProducts).flatMap(({ name, lines, source, checked }) =>
    lines.map(
      ({ line, endOfLife, note }) =>
        `| ${name} | ${line} | ${endOfLife === "not named" ? "–" : endOfLife} | ${note ?? ""} | <${source}> | ${checked} |`,
    ),
  );
  const head = ["| product | line | last fix | | source | as of |", "| --- | --- | --- | --- | --- | --- |"];
  return [...head, ...rows].join("\n");
}

/** The reference page of all policies. */
export function policyReference(): string {
  const index = policies.map(
    ({ name, level, severity, description }) =>
      `| [${name}](#${name}) | ${gates.some((gate) => gate.name === name) ? "gate" : level} | ${severity} | ${description} |`,
  );
  const bodies = Object.entries(chapters).map(([title, list]) => `## ${title}\n\n${list.map(section).join("\n")}`);
  const deviations = accepted.map(
    ({ what, policies: deviated, reason }) => `- **${what}** (${deviated.join(", ")}): ${reason}`,
  );
  return [
    HEAD,
    "## All of them\n",
    ["| policy | level | severity | what must hold |", "| --- | --- | --- | --- |", ...index].join("\n"),
    "",
    ...bodies,
    "## Accepted deviations\n\nThey hold in every stack, since a part cannot do its work without them.\n",
    deviations.join("\n"),
    "\n## Ends of life\n\nUntil when what is pinned gets fixes, from `components/releases/ends-of-life.ts`.\n",
    supportTable(),
    "",
  ].join("\n");
}

/** Whether the page in a project is what the policies would make of it now. */
export function referenceIsCurrent(root: string): boolean {
  const file = join(root, REFERENCE_PAGE);
  return existsSync(file) && readFileSync(file, "utf8") === policyReference();
}

if (require.main === module) {
  writeFileSync(join(projectRoot(), REFERENCE_PAGE), policyReference());
  console.log(`wrote ${REFERENCE_PAGE}`);
}
