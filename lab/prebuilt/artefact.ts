import { readFileSync } from "node:fs";
import { z } from "zod";
import { LabError } from "../errors";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A path below the archive's root, or a program's name: nothing that leads out of a folder. */
const relativePath = z.string().regex(/^(?!.*(^|\/)\.\.(\/|$))[^/].*$/);

/** The form of one row: what {@link Artefact} describes. */
const artefactSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  archive: z.enum(["tar.gz", "none"]),
  files: z.record(z.string().regex(/^[a-z0-9-]+$/), relativePath),
  checksum: z.union([
    z.strictObject({ sha256, readIn: z.string() }),
    z.strictObject({ publishedAt: z.url({ protocol: /^https?$/ }) }),
  ]),
});

/** One file that a publisher offers, and what of it the lab takes. */
export interface Artefact {
  /** What it is called in progress lines and errors. */
  readonly name: string;
  /** The release, as its publisher writes it. */
  readonly version: string;
  readonly url: string;
  /** How it is packed; `none`: the file is the program itself. */
  readonly archive: "tar.gz" | "none";
  /** The programs that are taken: each one's name with its path in the archive (of an archive of `none`: any). */
  readonly files: Readonly<Record<string, string>>;
  /** Against what the file is checked before anything in it is used. */
  readonly checksum: Checksum;
}

/** The SHA-256 of a file, as the repository pins it, or where its publisher says it. */
export type Checksum =
  | {
      readonly sha256: string;
      /** The public source in which it was read. */
      readonly readIn: string;
    }
  | {
      /** The publisher's own checksum file, fetched in the same way as the artefact. */
      readonly publishedAt: string;
    };

/**
 * A table of artefacts from a JSON file: a list of {@link Artefact}.
 * @throws LabError `invalid-setting` when the file cannot be read or has another form
 */
export function readArtefacts(file: string): readonly Artefact[] {
  const refuse = (why: string) =>
    new LabError(
      "invalid-setting",
      `ONPREM_PREBUILT_TABLE: ${file} ${why}. It is a JSON list in the form of lab/prebuilt/artefact.ts; unset the variable for the publishers' own.`,
    );
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
  const read = z.array(artefactSchema).nonempty().safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refuse(`is wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message}`);
}
