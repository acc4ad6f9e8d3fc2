import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { labRoot, projectRoot } from "../../../lab/layout";
import { mirrorFolders } from "../../../lab/mirror";
import { labEnvironment } from "../../../lab/stack";
import { stateAddress } from "../../../lab/state-address";
import { findingsOf, type PolicyFinding } from "../../../ops/preview/findings";

/** The sections of a stack's settings, by their names without `onprem:`. */
export type Sections = Record<string, Record<string, unknown> | undefined> &
  Record<"backup" | "cluster" | "parse" | "policy" | "rancher", Record<string, unknown>>;

/** One changed line: a text in a file of the project, or settings of the stack. */
export type ProjectMutation = { file: string; from: string; to: string } | { settings: (sections: Sections) => void };

/** What a preview came to. */
export interface MutatedPreview {
  exitCode: number;
  output: string;
  findings: PolicyFinding[];
}

const COPIED = ["dist/index.js", "dist/components", "dist/policy", "charts", "policy", "package.json"];

/** A copy of the project with one of its stacks, previewed on the lab's engine with changed lines. Nothing is ever deployed. */
export class MutatedProject {
  readonly folder = mkdtempSync(join(tmpdir(), "mutated-project-"));
  private readonly stackFile = join(this.folder, "Pulumi.mutated.yaml");

  /** @param stack whose settings these are, as they are checked in; offline, the files of releases come from the mirror. */
  constructor(stack: "dev" | "prod") {
    for (const path of COPIED) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(projectRoot, path), join(this.folder, path), { recursive: true });
    }
    // File by file, as the mutations are: not the bundle that is made of the same sources.
    const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as object;
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify({ ...project, main: "dist/index.js" }));
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    symlinkSync(labRoot, join(this.folder, ".lab"));
    mkdirSync(join(this.folder, "state"));
    const checkedIn = readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
    writeFileSync(this.stackFile, stack === "prod" ? changed(checkedIn, fromTheMirror) : checkedIn);
  }

  /** Makes the stack, in a state of its own. */
  async create(): Promise<void> {
    const { exitCode, all } = await this.pulumi("stack", "init", "mutated");
    if (exitCode !== 0) throw new Error(`the stack cannot be made:\n${all}`);
  }

  /** Runs `pulumi preview` with the pack; the mutations are undone afterwards. */
  async preview(...mutations: readonly ProjectMutation[]): Promise<MutatedPreview> {
    const undone = mutations.map((mutation) => this.apply(mutation)).reverse();
    const log = join(this.folder, "events.json");
    writeFileSync(log, "");
    try {
      const pack = join(this.folder, "policy", "onprem-policies");
      const { exitCode = 1, all } = await this.pulumi("preview", "--policy-pack", pack, "--event-log", log);
      return { exitCode, output: all, findings: findingsOf(readFileSync(log, "utf8")) };
    } finally {
      for (const undo of undone) undo();
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
        ONPREM_CLOUD_LEDGER: join(this.folder, "clouds"),
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

function changed(text: string, change: (sections: Sections) => void): string {
  const { config, ...rest } = parse(text) as { config: Record<string, unknown> };
  const bare = Object.entries(config).map(([key, value]) => [key.replace("onprem:", ""), value]);
  const sections = Object.fromEntries(bare) as Sections;
  sections.policy ??= {};
  change(sections);
  const named = Object.entries(sections).map(([section, value]) => [`onprem:${section}`, value]);
  // Quoted: the engine's YAML takes a bare day for a time.
  const style = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
  return stringify({ ...rest, config: Object.fromEntries(named) }, style);
}

function fromTheMirror(sections: Sections): void {
  sections.sources = { ...sections.sources, ...mirrorFolders };
}
