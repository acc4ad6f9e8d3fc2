/** Files of releases: from the publisher, or from a mirror, and never used unless they are what was pinned. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fetchFailure } from "../errors/fetch-failure";
import { ProgramError } from "../errors/program-error";
import type { ReleaseFile } from "./releases";

/** A release's file cannot be had, or is not the one that was pinned. */
export class ReleaseFileError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "RELEASE_FILE";
  override readonly name = "ReleaseFileError";
}

/** Gives the text of a release's file. */
export type ReadReleaseFile = (file: ReleaseFile) => Promise<string>;

const REQUEST_MILLISECONDS = 30_000;

/**
 * A reader of files of releases.
 * @param mirror directory (relative to `root`) or https address in whose place the publisher's host stands: the path
 * of a file's address is its path in the mirror. Default: the publisher's own address.
 * @param root the project's directory
 */
export function releaseFileReader(mirror: string | undefined, root: string): ReadReleaseFile {
  return async (file) => {
    const { pathname } = new URL(file.url);
    const place = mirror === undefined ? file.url : placeInMirror(mirror, pathname, root);
    const content = await contentOf(place, mirror);
    const found = createHash("sha256").update(content).digest("hex");
    if (found === file.sha256) return content.toString("utf8");
    throw new ReleaseFileError(
      `${place} is not the file that was released: its SHA-256 is ${found}, and ${file.sha256} is pinned; nothing of it was used. Fix the mirror (onprem:sources.manifests), or change the pin in components/releases/releases.ts if the release is another.`,
    );
  };
}

function isAddress(place: string): boolean {
  return /^https?:\/\//.test(place);
}

function placeInMirror(mirror: string, pathname: string, root: string): string {
  if (isAddress(mirror)) return `${mirror.replace(/\/$/, "")}${pathname}`;
  return join(resolve(root, mirror), pathname);
}

async function contentOf(place: string, mirror: string | undefined): Promise<Buffer> {
  try {
    if (!isAddress(place)) return await readFile(place);
    const answer = await fetch(place, { signal: AbortSignal.timeout(REQUEST_MILLISECONDS) });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    const wayOut =
      mirror === undefined
        ? "set onprem:sources.manifests to a mirror where this machine has no way out"
        : "put the file there, or correct onprem:sources.manifests";
    throw new ReleaseFileError(`${place} cannot be read (${fetchFailure(error)}): ${wayOut}.`);
  }
}
