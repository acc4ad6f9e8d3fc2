import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { projectRoot } from "../../../lab/layout";
import type { DrillResult } from "../../../ops/drill/results";
import type { LabStack } from "../../support/lab/lab-stack";

/** How a program ended, and everything that it wrote. */
export interface ProgramEnd {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Runs the drill and the restore on a stack as a person does. */
export class DrillRun {
  private readonly folder = mkdtempSync(join(tmpdir(), "drill-test-"));

  constructor(private readonly stack: LabStack) {}

  /** A drill to its end. */
  drill(...args: string[]): Promise<ProgramEnd> {
    return ended(this.start("drill", ["--out", this.folder, ...args]));
  }

  /** A restore to its end. */
  restore(...args: string[]): Promise<ProgramEnd> {
    return ended(this.start("restore", args));
  }

  /** A drill that stands still when its output says this, until something is done. */
  async drillInterruptedAt(sign: RegExp, act: () => Promise<unknown>, ...args: string[]): Promise<ProgramEnd> {
    const run = this.start("drill", ["--out", this.folder, ...args]);
    const end = ended(run);
    let seen = "";
    let caught = false;
    await new Promise<void>((resolve) => {
      run.all.on("data", (text) => {
        seen += String(text);
        if (caught || !sign.test(seen)) return;
        caught = run.kill("SIGSTOP");
        resolve();
      });
      run.all.on("end", () => resolve());
    });
    assert.ok(caught, `the drill ended before it came to ${sign}:\n${seen}`);
    try {
      await act();
    } finally {
      run.kill("SIGCONT");
    }
    return end;
  }

  /** What the last drill found. */
  result(): DrillResult {
    return JSON.parse(this.file("drill.json")) as DrillResult;
  }

  /** One of the last drill's results. */
  file(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Removes the results. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(program: string, args: string[]): ResultPromise<{ reject: false; all: true }> {
    const path = join(projectRoot, "dist/ops", program, "cli.js");
    return execa("node", [path, "--stack", this.stack.name, ...args], {
      cwd: projectRoot,
      env: this.stack.environment(),
      reject: false,
      all: true,
    });
  }
}

async function ended(run: ResultPromise<{ reject: false; all: true }>): Promise<ProgramEnd> {
  const { exitCode, all } = await run;
  return { exitCode, output: all };
}
