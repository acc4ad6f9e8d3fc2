import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PropertyMap } from "../plugin/property-values";
import { withLock } from "./lock";

/** One thing that exists in a stand-in cloud. */
export interface LedgerEntry {
  /** The resource type's token, e.g. `gcp:compute/network:Network`. */
  type: string;
  /** The cloud's id of it. */
  id: string;
  /** Whose it is where ids alone don't say it: the Rancher server's URL; empty for Google Cloud. */
  account: string;
  /** The resource's name in the program that made it. */
  name: string;
  /** What the cloud knows of it. Change it to simulate that somebody else changed it. */
  properties: PropertyMap;
  /** What was asked for: the inputs that an import finds. */
  inputs?: PropertyMap;
}

/** A name that its cloud never gives out again, although what bore it is gone. */
export interface RetiredName {
  type: string;
  id: string;
}

/** The content of `ledger.json`. */
export interface LedgerContent {
  resources: LedgerEntry[];
  retired: RetiredName[];
  /** How often each id was given out: what makes the numbers of a successor differ. */
  counters: { [key: string]: number };
}

/** One line of `journal.jsonl`: what was done, in its order. */
export interface JournalLine {
  operation: "create" | "update" | "delete" | "lose";
  type: string;
  name: string;
  id: string;
}

/** No folder is named in which the clouds could keep what exists. */
export class LedgerFolderError extends Error {
  readonly code = "LEDGER_FOLDER";
}

/**
 * The folder of the ledger.
 * @throws LedgerFolderError when `ONPREM_CLOUD_LEDGER` does not name it
 */
export function ledgerFolder(): string {
  const folder = process.env.ONPREM_CLOUD_LEDGER;
  if (folder) return folder;
  throw new LedgerFolderError(
    "the stand-in clouds keep what exists in the folder that ONPREM_CLOUD_LEDGER names, and it names none: run the command through `npm run lab exec --`, which sets it, or set it to a folder of your own",
  );
}

/**
 * What exists in the stand-in clouds, in a folder that any number of plugin processes share:
 * `ledger.json` (what exists), `journal.jsonl` (what was done, in order) and `faults.json` (what shall go wrong).
 */
export class Ledger {
  /** @param folder created when it is first written to. */
  constructor(readonly folder: string) {}

  /** What exists now. */
  read(): LedgerContent {
    try {
      return JSON.parse(readFileSync(this.file("ledger.json"), "utf8")) as LedgerContent;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { resources: [], retired: [], counters: {} };
      throw new Error(
        `the stand-in clouds' ledger ${this.file("ledger.json")} is damaged: ${(error as Error).message}`,
      );
    }
  }

  /** Changes what exists, alone among all processes. If `change` throws, nothing changes. */
  change<Result>(change: (content: LedgerContent, journal: (line: JournalLine) => void) => Result): Promise<Result> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return withLock(this.file("lock"), () => {
      const content = this.read();
      const lines: JournalLine[] = [];
      const result = change(content, (line) => lines.push(line));
      this.replace("ledger.json", content);
      for (const line of lines) appendFileSync(this.file("journal.jsonl"), `${JSON.stringify(line)}\n`);
      return result;
    });
  }

  /** Writes a file of the folder at once: a reader sees the old content or the new one. */
  replace(name: string, content: unknown): void {
    const draft = `${this.file(name)}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.file(name));
  }

  /** The path of a file in the folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** What was done so far, in its order. */
  journal(): JournalLine[] {
    try {
      const lines = readFileSync(this.file("journal.jsonl"), "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line) as JournalLine);
    } catch {
      return [];
    }
  }
}
