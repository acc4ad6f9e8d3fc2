import { LOSS_WORDS, type Loss } from "./losses";

/** What a drill found. */
export interface DrillResult {
  readonly stack: string;
  readonly startedAt: string;
  /** What was to be lost, one after the other. */
  readonly lost: readonly Loss[];
  readonly passed: boolean;
  /** Why it did not pass; absent when it did. */
  readonly reason?: string;
  readonly steps: readonly DrillStep[];
  readonly backup?: { readonly name: string; readonly completedAt: string; readonly volumes: number };
  /** How much was compared, each time; objects are marked ones, users among them. */
  readonly compared?: {
    readonly objects: number;
    readonly users: number;
    readonly files: number;
    readonly secrets: number;
  };
  /** The losses after which everything was there again. */
  readonly recoveries: readonly Recovery[];
  /** What this drill says nothing about, with the reason. */
  readonly notProven: readonly string[];
}

/** A loss after which everything was there again. */
export interface Recovery {
  readonly lost: Loss;
  /** From the loss, or the start of the restore beside, until Parse Server answered with the restored data. */
  readonly recoverySeconds: number;
  /** Between the start of the backup and the loss: what was written in it is lost. */
  readonly lostDataSeconds: number;
}

/** A step of a drill. */
export interface DrillStep {
  readonly name: string;
  readonly seconds: number;
  /** Why it failed; absent when it did not. */
  readonly failure?: string;
}

/** A JUnit report: one test case a step. */
export function junitOf({ stack, steps, passed, reason }: DrillResult): string {
  const failed = steps.filter(({ failure }) => failure !== undefined).length;
  // A reason without a failed step is a failure all the same.
  const unassigned = !passed && failed === 0 ? [{ name: "drill", seconds: 0, failure: reason ?? "not passed" }] : [];
  const cases = [...steps, ...unassigned].map(({ name, seconds, failure }) => {
    const open = `    <testcase classname="drill.${xmlText(stack)}" name="${xmlText(name)}" time="${seconds.toFixed(1)}"`;
    return failure === undefined ? `${open}/>` : `${open}><failure message="${xmlText(failure)}"/></testcase>`;
  });
  const count = `tests="${cases.length}" failures="${failed + unassigned.length}"`;
  const suite = `  <testsuite name="drill ${xmlText(stack)}" ${count}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${count}>`,
    suite,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** A page for people. */
export function markdownOf(result: DrillResult): string {
  const { stack, passed, reason, startedAt, lost, backup, compared, recoveries, steps, notProven } = result;
  const losses = lost.map((loss): [string, string] => {
    const found = recoveries.find((recovery) => recovery.lost === loss);
    const times = found && `back after ${seconds(found.recoverySeconds)}, data lost: ${seconds(found.lostDataSeconds)}`;
    return [`Lost: ${LOSS_WORDS[loss]}`, times ?? "not proven to be back"];
  });
  const rows: [string, string | undefined][] = [
    ["Backup", backup && `${backup.name}, complete ${backup.completedAt}, ${backup.volumes} volumes`],
    [
      "Compared",
      compared &&
        `${compared.objects} objects and users, ${compared.users} logins, ${compared.files} files, ${compared.secrets} Secrets`,
    ],
    ...losses,
  ];
  return [
    `# Drill of ${stack}, ${startedAt}: ${passed ? "passed" : "FAILED"}`,
    "",
    ...(reason ? [`**${reason}**`, ""] : []),
    "| | |",
    "| --- | --- |",
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`| ${name} | ${value} |`])),
    "",
    "| step | time | |",
    "| --- | --- | --- |",
    ...steps.map((step) => `| ${step.name} | ${step.seconds.toFixed(1)} s | ${cell(step.failure ?? "ok")} |`),
    "",
    ...notProven.map((line) => `- Not proven: ${line}`),
    "",
  ].join("\n");
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

/** Text in XML: characters that XML knows no way to write become a space. */
function xmlText(text: string): string {
  const writable = [...text].map((character) => (isWritable(character.codePointAt(0) ?? 0) ? character : " ")).join("");
  return writable.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** See https://www.w3.org/TR/xml/#charsets */
function isWritable(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
