/**
 * Previews stacks with the policy pack on and prints what a pull request's comment shows.
 * Started by `ci/preview`, on a pull request as in the lab.
 */
import "../../components/errors/supported-node";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { reasonOf } from "../engine";
import { affectedStacks, stacksIn } from "./affected";
import type { PreviewDigest } from "./digest";
import { findingsOf } from "./findings";
import { type Preview, summaryOf } from "./summary";

const USAGE = `ci/preview: previews stacks with the policy pack on, and prints a summary in Markdown

  --stack NAME     one stack, may be repeated; every stack with a settings file when absent
  --since REF      only stacks that the change since that commit affects
  --list           print the stacks as JSON and stop: what a workflow's matrix is made of
  --output FOLDER  also write FOLDER/NAME.md for each stack
Exit code: 0, or 1 where a preview failed or a mandatory policy refused, 2 for bad usage.`;

/** What stops this command, said in one line. */
class PreviewError extends Error {
  readonly code = "PREVIEW";
}

function projectFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) throw new PreviewError(`There is no Pulumi.yaml above ${__dirname}.`);
  }
}

function changedSince(reference: string, root: string): string[] {
  const git = spawnSync("git", ["diff", "--name-only", `${reference}...HEAD`, "--"], { cwd: root, encoding: "utf8" });
  if (git.status !== 0)
    throw new PreviewError(`git knows no ${reference}: ${git.stderr?.trim() || git.error?.message}`);
  return git.stdout.split("\n").filter((line) => line !== "");
}

function previewStack(stack: string, root: string): Preview {
  const folder = mkdtempSync(join(tmpdir(), "preview-"));
  const log = join(folder, "events.json");
  try {
    const args = ["preview", "--stack", stack, "--json", "--non-interactive", "--event-log", log];
    const pulumi = spawnSync("pulumi", [...args, "--policy-pack", join(root, "policy", "onprem-policies")], {
      cwd: root,
      // The event log is an option for whoever builds tools on the engine; this makes it known.
      // No preview writes a state: without the checkpoints a large one takes a third less of the engine's time.
      env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true", PULUMI_SKIP_CHECKPOINTS: "true" },
      encoding: "utf8",
      maxBuffer: 512 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (pulumi.error) {
      const { code, message } = pulumi.error as NodeJS.ErrnoException;
      throw new PreviewError(`Stack ${stack} cannot be previewed: ${reasonOf(stack, { code, stderr: message })}.`);
    }
    const exitCode = pulumi.status ?? 1;
    const findings = existsSync(log) ? findingsOf(readFileSync(log, "utf8")) : [];
    return { stack, digest: digestOf(stack, pulumi), findings, exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The digest in the engine's output; why there is none where there is none. */
function digestOf(stack: string, { signal, status, stderr, stdout }: SpawnSyncReturns<string>): PreviewDigest {
  const start = stdout.indexOf("{");
  if (start >= 0) {
    try {
      return JSON.parse(stdout.slice(start)) as PreviewDigest;
    } catch {
      // Falls through: the engine stopped before it could say anything.
    }
  }
  const message = reasonOf(stack, { exitCode: status, signal, stderr: stderr.trim() || stdout });
  return { diagnostics: [{ message, severity: "error" }] };
}

function stacksAsked(values: { stack?: string[]; since?: string }, root: string): string[] {
  const all = stacksIn(readdirSync(root));
  const unknown = (values.stack ?? []).filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new PreviewError(`There is no Pulumi.${unknown[0]}.yaml. Stacks: ${all.join(", ")}.`);
  }
  const asked = values.stack ?? all;
  return values.since ? affectedStacks(changedSince(values.since, root), asked) : asked;
}

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", multiple: true },
      since: { type: "string" },
      list: { type: "boolean" },
      output: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const root = projectFolder();
  const stacks = stacksAsked(values, root);
  if (values.list) {
    console.log(JSON.stringify(stacks));
    return 0;
  }
  if (stacks.length === 0) console.log("The change affects no stack.");
  let failed = false;
  for (const stack of stacks) {
    const preview = previewStack(stack, root);
    const summary = summaryOf(preview);
    failed ||= preview.exitCode !== 0;
    console.log(summary);
    if (values.output === undefined) continue;
    mkdirSync(values.output, { recursive: true });
    writeFileSync(join(values.output, `${stack}.md`), summary);
  }
  return failed ? 1 : 0;
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    const known =
      error instanceof PreviewError || String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
    if (!known) throw error;
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}
