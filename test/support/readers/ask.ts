import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../lab/layout";
import { compilerFlags, linkerEnvironment } from "../../../lab/toolchain/compiler";

/** The Go module with the parsers, at the versions that the lab's programs are built with. */
export const readersFolder = join(projectRoot, "test", "support", "readers");

/** A parser: what it reads of whom is in main.go. */
export type ReaderName = "cron" | "earlierCron" | "goDuration" | "prometheusDuration" | "quantity" | "prometheusBytes";

/** A text for a parser. */
export interface Question {
  readonly reader: ReaderName;
  readonly text: string;
  /** Seconds since 1970 from which the next runs of a schedule are asked for; default 0. */
  readonly from?: number;
}

/** What a parser made of it. */
export interface Answer {
  readonly taken: boolean;
  /** A number as text. */
  readonly value: string;
  /** Next runs, seconds since 1970. */
  readonly runs: readonly number[] | null;
  readonly error: string;
}

/** The real parsers, built. */
export class Readers {
  private constructor(private readonly folder: string) {}

  /**
   * Builds them. Needs Go, and of the modules' sources only what the lab's parts were built from.
   * @throws ExecaError when the program can't be built
   */
  static async build(): Promise<Readers> {
    const folder = mkdtempSync(join(tmpdir(), "readers-"));
    // As the lab compiles, so that what it compiled is in the compiler's cache.
    const args = ["build", ...compilerFlags, "-o", join(folder, "readers"), "."];
    await execa("go", args, { cwd: readersFolder, env: linkerEnvironment });
    return new Readers(folder);
  }

  /** What the parsers make of texts, in their order. */
  async ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    const input = questions.map((question) => JSON.stringify({ from: 0, ...question })).join("\n");
    const { stdout } = await execa(join(this.folder, "readers"), { input });
    return stdout.split("\n").map((line) => JSON.parse(line) as Answer);
  }

  /** Removes them. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
