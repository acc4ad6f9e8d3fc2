import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { labRoot, projectRoot } from "../../lab/layout.js";
import { labEnvironment } from "../../lab/stack.js";
import { stateAddress } from "../../lab/state-address.js";
import { findingsOf, type PolicyFinding } from "../../ops/preview/findings";

/** One changed line: a text in a file of the project, or settings of the dev stack. */
export type ProjectMutation =
  | { file: string; from: string; to: string }
  | { settings: (sections: Record<string, Record<string, unknown>>) => void };

const COPIED = ["dist/index.js", "dist/components", "dist/policy", "charts", "policy", "package.json", "Pulumi.yaml"];

/** A copy of the project with one mutation, previewed on the lab's engine and cluster. Nothing is ever deployed. */
export class MutatedProject {
  readonly folder = mkdtempSync(join(tmpdir(), "mutated-project-"));
  private readonly stackFile = join(this.folder, "Pulumi.mutated.yaml");

  constructor() {
    for (const path of COPIED) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(projectRoot, path), join(this.folder, path), { recursive: true });
    }
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    symlinkSync(labRoot, join(this.folder, ".lab"));
    mkdirSync(join(this.folder, "state"));
    writeFileSync(this.stackFile, readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8"));
  }

  /** Makes the stack, in a state of its own. */
  async create(): Promise<void> {
    const { exitCode, all } = await this.pulumi("stack", "init", "mutated");
    if (exitCode !== 0) throw new Error(`the stack cannot be made:\n${all}`);
  }

  /** Runs `pulumi preview` with the pack; the mutation is undone afterwards. */
  async preview(mutation?: ProjectMutation): Promise<{ exitCode: number; output: string; findings: PolicyFinding[] }> {
    const undo = mutation ? this.apply(mutation) : () => {};
    const log = join(this.folder, "events.json");
    writeFileSync(log, "");
    try {
      const pack = join(this.folder, "policy", "onprem-policies");
      const { exitCode = 1, all } = await this.pulumi("preview", "--policy-pack", pack, "--event-log", log);
      return { exitCode, output: all, findings: findingsOf(readFileSync(log, "utf8")) };
    } finally {
      undo();
    }
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pulumi(...args: string[]) {
    return execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: {
        ...labEnvironment(),
        PULUMI_BACKEND_URL: stateAddress(join(this.folder, "state")),
        PULUMI_OPTION_CONFIG_FILE: this.stackFile,
        PULUMI_STACK: "mutated",
        PULUMI_DEBUG_COMMANDS: "true",
      },
      reject: false,
      all: true,
    });
  }

  private apply(mutation: ProjectMutation): () => void {
    const path = "file" in mutation ? join(this.folder, mutation.file) : this.stackFile;
    const before = readFileSync(path, "utf8");
    writeFileSync(path, "file" in mutation ? replaced(before, mutation) : changed(before, mutation.settings));
    return () => writeFileSync(path, before);
  }
}

function replaced(text: string, { file, from, to }: { file: string; from: string; to: string }): string {
  if (!text.includes(from)) throw new Error(`${file} does not hold "${from}": the mutation has to be written anew`);
  return text.replace(from, to);
}

function changed(text: string, change: (sections: Record<string, Record<string, unknown>>) => void): string {
  const document = parse(text) as { config: Record<string, Record<string, unknown>> };
  change(document.config);
  // Quoted: the engine's YAML takes a bare day for a time.
  return stringify(document, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}
