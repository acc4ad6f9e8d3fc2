import { type Change, changesOf, type PreviewDigest, type VersionStep, versionSteps } from "./digest";
import type { PolicyFinding } from "./findings";

/** What a summary is made of. */
export interface Preview {
  stack: string;
  digest: PreviewDigest;
  findings: readonly PolicyFinding[];
  /** The engine's exit code. */
  exitCode: number;
}

/** Longest comment that GitHub takes is 65,536 characters; this many rows stay well below. */
const MOST_ROWS = 150;
const MOST_PROPERTIES = 6;

const TITLES: Readonly<Record<Change["operation"], string>> = {
  replace: "**replace**",
  delete: "**delete**",
  create: "create",
  update: "update",
  import: "import",
  refresh: "refresh",
};

/** First line of a stack's comment, by which the next run finds it. */
export function markerOf(stack: string): string {
  return `<!-- onprem-preview: ${stack} -->`;
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, "<br>")
    .replaceAll("<!--", "&lt;!--");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows.slice(0, MOST_ROWS)].map((row) => `| ${row.join(" | ")} |`);
  const left = rows.length - MOST_ROWS;
  return [...lines, ...(left > 0 ? ["", `… and ${left} more, in the job's log.`] : [])].join("\n");
}

function properties(list: readonly string[]): string {
  const shown = list.slice(0, MOST_PROPERTIES).map((property) => `\`${property}\``);
  const left = list.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(", ");
}

function changesSection(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ["None."];
  const rows = changes.map((change) => [
    TITLES[change.operation],
    `\`${change.type}\``,
    cell(change.name),
    cell(properties(change.properties)),
  ]);
  return [table(["what", "type", "name", "properties"], rows)];
}

function findingsSection(findings: readonly PolicyFinding[]): string[] {
  const decided = findings.filter(({ level }) => level !== "undecided");
  const undecided = findings.filter(({ level }) => level === "undecided");
  const rows = decided.map(({ level, policy, message }) => [
    level === "mandatory" ? "**refused**" : "advice",
    `\`${policy}\``,
    cell(message),
  ]);
  return [
    decided.length === 0 ? "No policy has anything to say." : table(["", "policy", "finding"], rows),
    ...(undecided.length > 0
      ? [
          `<details><summary>${undecided.length} not decided yet: they need values that only the update knows, and are asked again then</summary>\n`,
          undecided.map(({ policy, name }) => `- \`${policy}\` on ${cell(name)}`).join("\n"),
          "</details>",
        ]
      : []),
  ];
}

function versionsSection(steps: readonly VersionStep[]): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ part, from, to }) => [part, from ?? "–", to ?? "–"]);
  return ["#### Versions", table(["part", "from", "to"], rows)];
}

function errorsSection({ diagnostics = [] }: PreviewDigest): string[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    // The engine's last word on every preview that did not succeed; the verdict above says more.
    .filter((message) => message !== "error: preview failed");
  if (errors.length === 0) return [];
  return ["#### Errors", ...errors.map((message) => `\`\`\`\n${message.replaceAll("```", "'''")}\n\`\`\``)];
}

function verdict({ exitCode, findings }: Preview, changes: readonly Change[]): string {
  const refused = findings.filter(({ level }) => level === "mandatory").length;
  if (refused > 0) return `Refused by ${refused} ${refused === 1 ? "finding" : "findings"} of mandatory policies.`;
  if (exitCode !== 0) return "The preview failed.";
  if (changes.length === 0) return "Nothing changes.";
  const grave = changes.filter(({ operation }) => operation === "replace" || operation === "delete").length;
  const all = `${changes.length} ${changes.length === 1 ? "resource changes" : "resources change"}`;
  return grave > 0 ? `${all}, **${grave} of them replaced or deleted**.` : `${all}; none is replaced or deleted.`;
}

/** The Markdown summary of a stack's preview, as the comment on a pull request shows it. Holds names, no values. */
export function summaryOf(preview: Preview): string {
  const changes = changesOf(preview.digest);
  return [
    markerOf(preview.stack),
    `### Preview of \`${preview.stack}\``,
    verdict(preview, changes),
    ...errorsSection(preview.digest),
    ...versionsSection(versionSteps(preview.digest)),
    "#### Policies",
    ...findingsSection(preview.findings),
    "#### Changes",
    ...changesSection(changes),
    "",
  ].join("\n\n");
}
