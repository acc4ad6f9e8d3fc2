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

/** Longest comment that GitHub takes is 65,536 characters; these parts of it leave room for the rest. */
const LONGEST = { errors: 6_000, findings: 24_000, changes: 20_000 };
const MOST_PROPERTIES = 6;
const MOST_NAMES = 5;

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

/** As many rows as fit into so many characters. */
function table(head: readonly string[], rows: readonly (readonly string[])[], longest: number): string {
  const [first = "", line = "", ...body] = [head, head.map(() => "---"), ...rows].map(
    (row) => `| ${row.join(" | ")} |`,
  );
  let room = longest;
  const shown = body.filter((row) => {
    room -= row.length + 1;
    return room >= 0;
  });
  const left = body.length - shown.length;
  return [first, line, ...shown, ...(left > 0 ? ["", `… and ${left} more, in the job's log.`] : [])].join("\n");
}

function someOf(list: readonly string[], most: number): string {
  const left = list.length - most;
  return [...list.slice(0, most), ...(left > 0 ? [`and ${left} more`] : [])].join(", ");
}

function changesSection(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ["None."];
  const rows = changes.map((change) => [
    TITLES[change.operation],
    `\`${change.type}\``,
    cell(change.name),
    cell(
      someOf(
        change.properties.map((property) => `\`${property}\``),
        MOST_PROPERTIES,
      ),
    ),
  ]);
  return [table(["what", "type", "name", "properties"], rows, LONGEST.changes)];
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
    decided.length === 0 ? "No policy has anything to say." : table(["", "policy", "finding"], rows, LONGEST.findings),
    ...(undecided.length > 0
      ? [
          `<details><summary>${undecided.length} not decided yet: they need values that only the update knows, and are asked again then</summary>\n`,
          undecidedLines(undecided),
          "</details>",
        ]
      : []),
  ];
}

/** One line a policy: on a stack that is not there yet, nearly every policy waits for something. */
function undecidedLines(undecided: readonly PolicyFinding[]): string {
  const names = new Map<string, string[]>();
  for (const { policy, name } of undecided) names.set(policy, [...(names.get(policy) ?? []), cell(name)]);
  return [...names].map(([policy, on]) => `- \`${policy}\` on ${someOf(on, MOST_NAMES)}`).join("\n");
}

function versionsSection(steps: readonly VersionStep[]): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ part, from, to }) => [part, from ?? "–", to ?? "–"]);
  return ["#### Versions", table(["part", "from", "to"], rows, LONGEST.changes)];
}

function errorsSection({ diagnostics = [] }: PreviewDigest): string[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    // The engine's last word on every preview that did not succeed; the verdict above says more.
    .filter((message) => message !== "error: preview failed");
  if (errors.length === 0) return [];
  const text = errors.join("\n\n").replaceAll("```", "'''");
  const shown = text.length > LONGEST.errors ? `${text.slice(0, LONGEST.errors)}\n…` : text;
  return ["#### Errors", `\`\`\`\n${shown}\n\`\`\``];
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
