import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LabError } from "../errors";

const modes = ["auto", "never", "always"] as const;

/**
 * Where programs come from: `auto`, from their publishers, and compiled where those cannot be reached; `never`, compiled;
 * `always`, from their publishers or not at all.
 */
export type PrebuiltMode = (typeof modes)[number];

/**
 * What `ONPREM_PREBUILT` says.
 * @param value of the variable; undefined or empty: `auto`
 * @throws LabError `invalid-setting`
 */
export function prebuiltMode(value: string | undefined = process.env.ONPREM_PREBUILT): PrebuiltMode {
  if (value === undefined || value === "") return "auto";
  const mode = modes.find((name) => name === value);
  if (mode) return mode;
  throw new LabError(
    "invalid-setting",
    `ONPREM_PREBUILT is "${value}", and may be auto (the publishers' programs, or compiled ones), never (compiled ones) or always (the publishers').`,
  );
}

/** For how long a publisher that could not be reached is not asked again, milliseconds: a day. */
export const REMEMBERED_MILLISECONDS = 24 * 60 * 60 * 1000;

/** That the publishers' programs could not be had, and why: a file that is believed for a day. */
export class RefusalMemory {
  /** @param file where it is kept; it need not be there */
  constructor(readonly file: string) {}

  /** Why the publishers need not be asked; undefined when they are to be. */
  reason(now = Date.now()): string | undefined {
    if (!existsSync(this.file)) return undefined;
    try {
      const { at, reason } = JSON.parse(readFileSync(this.file, "utf8")) as { at: string; reason: string };
      const age = now - Date.parse(at);
      return age >= 0 && age < REMEMBERED_MILLISECONDS ? reason : undefined;
    } catch {
      // Cut off while it was written: the publishers are asked once more.
      return undefined;
    }
  }

  /** Notes that they could not be had. */
  note(reason: string, now = Date.now()): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify({ at: new Date(now).toISOString(), reason }, undefined, 2)}\n`);
  }

  /** Forgets it. */
  clear(): void {
    rmSync(this.file, { force: true });
  }
}
